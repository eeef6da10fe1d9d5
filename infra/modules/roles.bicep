// Who may do what: every role assignment that is not Event Grid's own (`events.bicep`), each on one resource and with its reason.
param contentSafetyName string
param documentIntelligenceName string
param documentsName string
param hostStorageName string
param identityPrincipalId string
param insightsName string
param modelName string
param personPrincipalId string
param personPrincipalType string
param vaultName string

// Ids of roles that are the same in every tenant.
var roleIds = {
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  cognitiveServicesUser: 'a97b65f3-24c7-4388-baec-2e87135dc908'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  openAiUser: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource documents 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: documentsName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource openAi 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = if (!empty(modelName)) {
  name: empty(modelName) ? 'none' : modelName
}

resource safety 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = if (!empty(contentSafetyName)) {
  name: empty(contentSafetyName) ? 'none' : contentSafetyName
}

resource reader 'Microsoft.CognitiveServices/accounts@2024-10-01' existing = if (!empty(documentIntelligenceName)) {
  name: empty(documentIntelligenceName) ? 'none' : documentIntelligenceName
}

resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage.id, identityPrincipalId, roleIds.blobOwner)
  scope: hostStorage
  properties: {
    description: 'The Functions host keeps its locks, keys and receipts in blobs, and fetches the package of the app.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.blobOwner)
  }
}

resource hostQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage.id, identityPrincipalId, roleIds.queueContributor)
  scope: hostStorage
  properties: {
    description: 'The blob trigger of the host keeps its events in a queue of its own, which it makes.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.queueContributor)
  }
}

resource hostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage.id, identityPrincipalId, roleIds.tableContributor)
  scope: hostStorage
  properties: {
    description: 'The host writes its diagnostic events into a table.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.tableContributor)
  }
}

resource documentBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(documents.id, identityPrincipalId, roleIds.blobOwner)
  scope: documents
  properties: {
    description: 'The blob trigger asks for it; the app reads and writes all containers of the account, which holds nothing else.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.blobOwner)
  }
}

resource documentQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(documents.id, identityPrincipalId, roleIds.queueContributor)
  scope: documents
  properties: {
    description: 'The app takes, leaves and delays requests, and makes a queue that is missing; the host moves what failed to poison queues.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.queueContributor)
  }
}

resource secrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identityPrincipalId, roleIds.secretsUser)
  scope: vault
  properties: {
    description: 'The setting AUDIT_KEY is read from the vault, which holds nothing else.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.secretsUser)
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identityPrincipalId, roleIds.metricsPublisher)
  scope: insights
  properties: {
    description: 'Host and app send logs and metrics with a token, for keys are not taken.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.metricsPublisher)
  }
}

resource asksModel 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(modelName)) {
  name: guid(resourceGroup().id, modelName, identityPrincipalId, roleIds.openAiUser)
  scope: openAi
  properties: {
    description: 'The app asks the deployments of the model; it can neither change nor list them.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.openAiUser)
  }
}

resource asksSafety 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(contentSafetyName)) {
  name: guid(resourceGroup().id, contentSafetyName, identityPrincipalId, roleIds.cognitiveServicesUser)
  scope: safety
  properties: {
    description: 'The app has drafts rated and sources looked at for attacks.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.cognitiveServicesUser)
  }
}

resource asksReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(documentIntelligenceName)) {
  name: guid(resourceGroup().id, documentIntelligenceName, identityPrincipalId, roleIds.cognitiveServicesUser)
  scope: reader
  properties: {
    description: 'The app has scans read.'
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.cognitiveServicesUser)
  }
}

resource person 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(personPrincipalId)) {
  name: guid(documents.id, personPrincipalId, roleIds.blobContributor)
  scope: documents
  properties: {
    description: 'Whoever tries the service out hands in an invented case and fetches its draft. Leave it out where real cases are.'
    principalId: personPrincipalId
    principalType: personPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.blobContributor)
  }
}
