// The function app: the Flex Consumption plan, one user-assigned identity, no key and no password.
param callbackHosts string
param contentSafetyEndpoint string
param deployFrom string
param documentIntelligenceEndpoint string
param documentsName string
param fastModel string
param fastModelVersion string
param heavyModel string
param heavyModelVersion string
param hostStorageName string
param identityClientId string
param identityId string
param insightsName string
param location string
param modelEndpoint string
param modelReasoning string
param packageContainer string
param privateNetwork bool
param signInAudience string
param signInTenant string
param subnetId string
param tags object
param token string
param vaultName string

var name = 'func-golden-thread-${token}'
var address = 'https://${name}.azurewebsites.net'
var storageSuffix = environment().suffixes.storage
var hasModel = !empty(modelEndpoint)
var hasSafety = !empty(contentSafetyEndpoint)
var deployers = empty(deployFrom) ? [] : split(deployFrom, ',')

// What this deployment decides. A test holds the names against those that the app reads. The documents' account is named by its two
// addresses, as a blob trigger wants it: the short form with the account's name is documented for the host's own storage only.
var ownSettings = {
  DocumentStorage__blobServiceUri: 'https://${documentsName}.blob.${storageSuffix}'
  DocumentStorage__queueServiceUri: 'https://${documentsName}.queue.${storageSuffix}'
  DocumentStorage__credential: 'managedidentity'
  DocumentStorage__clientId: identityClientId
  AUDIT_KEY: '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/audit-key/)'
  PUBLIC_BASE_URL: address
  SIGN_IN: 'required'
  SIGN_IN_TENANT: signInTenant
  SIGN_IN_AUDIENCE: signInAudience
  MODEL_BASE_URL: modelEndpoint
  MODEL_DEPLOYMENT: hasModel ? 'heavy' : ''
  MODEL_FAST_DEPLOYMENT: hasModel ? 'fast' : ''
  MODEL_JUDGE_DEPLOYMENT: hasModel ? 'heavy' : ''
  MODEL_NAME: hasModel ? '${heavyModel}-${heavyModelVersion}' : ''
  MODEL_FAST_NAME: hasModel ? '${fastModel}-${fastModelVersion}' : ''
  MODEL_JUDGE_NAME: hasModel ? '${heavyModel}-${heavyModelVersion}' : ''
  MODEL_REASONING: hasModel ? modelReasoning : ''
  MODEL_CLIENT_ID: identityClientId
  SCREENING: hasSafety ? 'on' : 'off'
  PROMPT_SHIELDS: hasSafety ? 'on' : 'off'
  CONTENT_SAFETY_ENDPOINT: contentSafetyEndpoint
  CONTENT_SAFETY_CLIENT_ID: identityClientId
  OCR: empty(documentIntelligenceEndpoint) ? 'off' : 'document-intelligence'
  DOCUMENT_INTELLIGENCE_ENDPOINT: documentIntelligenceEndpoint
  DOCUMENT_INTELLIGENCE_CLIENT_ID: identityClientId
  CALLBACK_HOSTS: callbackHosts
  CALLBACK_KEY: empty(callbackHosts) ? '' : '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/callback-key/)'
}

// What the Functions host reads.
var hostSettings = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// Limits, times and amounts, as in `local.settings.json.example`: change them in this file.
var limits = loadJsonContent('../settings.json')

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-golden-thread-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, {
    'azd-service-name': 'handler'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    clientCertEnabled: false
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'custom'
        version: '1.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: 40
      }
    }
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    // A private app whose deployer has no address of its own is deployed from inside the network.
    publicNetworkAccess: (privateNetwork && empty(deployFrom)) ? 'Disabled' : 'Enabled'
    serverFarmId: plan.id
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      remoteDebuggingEnabled: false
      cors: {
        allowedOrigins: []
      }
      ipSecurityRestrictionsDefaultAction: privateNetwork ? 'Deny' : 'Allow'
      scmIpSecurityRestrictionsDefaultAction: privateNetwork ? 'Deny' : 'Allow'
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictions: [for (cidr, index) in deployers: {
        action: 'Allow'
        description: 'A deployer'
        ipAddress: trim(cidr)
        name: 'deployer-${index}'
        priority: 100 + index
      }]
    }
    virtualNetworkSubnetId: privateNetwork ? subnetId : null
  }
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  // These settings are the app's; checkov looks in them for properties of the site. 2026-11-22
  // checkov:skip=CKV_AZURE_13:callers are known by tokens that the app itself checks
  // checkov:skip=CKV_AZURE_63:requests are in Application Insights
  // checkov:skip=CKV_AZURE_65:a property of the site on other plans
  // checkov:skip=CKV_AZURE_66:a property of the site on other plans
  // checkov:skip=CKV_AZURE_80:there is no .NET in the app
  // checkov:skip=CKV_AZURE_88:nothing is written to files
  // checkov:skip=CKV_AZURE_222:a property of the site, which has it
  parent: app
  name: 'appsettings'
  properties: union(limits, ownSettings, hostSettings)
}

resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output address string = address
output id string = app.id
output name string = app.name
