// What lies in the resource group, and how its parts know each other.
param alertAddresses string
param appRange string
param auditDays int
param budgetStart string
param callbackHosts string
param contentSafety bool
param deployFrom string
param documentIntelligence bool
param documentsRedundancy string
param endpointRange string
param fastModel string
param fastModelCapacity int
param fastModelVersion string
param heavyModel string
param heavyModelCapacity int
param heavyModelVersion string
param hourlyTokens int
param location string
param lock bool
param logDays int
param model bool
param modelLocation string
param modelProcessing string
param modelReasoning string
param monthlyBudget int
param networkRange string
param previousVersionDays int
param principalId string
param principalType string
param privateNetwork bool
param recoverableDays int
param signInAudience string
param signInTenant string
param tags object
param token string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-golden-thread-${token}'
  location: location
  tags: tags
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  params: {
    location: location
    logDays: logDays
    tags: tags
    token: token
  }
}

module network 'network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    appRange: appRange
    endpointRange: endpointRange
    location: location
    networkRange: networkRange
    tags: tags
    token: token
  }
}

module hostStorage 'host-storage.bicep' = {
  name: 'host-storage'
  params: {
    location: location
    privateNetwork: privateNetwork
    tags: tags
    token: token
  }
}

module documents 'documents.bicep' = {
  name: 'documents'
  params: {
    auditDays: auditDays
    location: location
    previousVersionDays: previousVersionDays
    privateNetwork: privateNetwork
    recoverableDays: recoverableDays
    redundancy: documentsRedundancy
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    location: location
    privateNetwork: privateNetwork
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
  }
}

module ai 'ai.bicep' = {
  name: 'ai'
  params: {
    contentSafety: contentSafety
    documentIntelligence: documentIntelligence
    fastModel: fastModel
    fastModelCapacity: fastModelCapacity
    fastModelVersion: fastModelVersion
    heavyModel: heavyModel
    heavyModelCapacity: heavyModelCapacity
    heavyModelVersion: heavyModelVersion
    location: location
    model: model
    modelLocation: modelLocation
    modelProcessing: modelProcessing
    privateNetwork: privateNetwork
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
  }
}

module events 'events.bicep' = {
  name: 'events'
  params: {
    documentsName: documents.outputs.name
    location: location
    privateNetwork: privateNetwork
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'roles.bicep' = {
  name: 'roles'
  params: {
    contentSafetyName: ai.outputs.contentSafetyName
    documentIntelligenceName: ai.outputs.documentIntelligenceName
    documentsName: documents.outputs.name
    hostStorageName: hostStorage.outputs.name
    identityPrincipalId: identity.properties.principalId
    insightsName: monitoring.outputs.insightsName
    modelName: ai.outputs.modelName
    personPrincipalId: principalId
    personPrincipalType: principalType
    vaultName: vault.outputs.name
  }
}

module app 'app.bicep' = {
  name: 'app'
  // A host that starts before it may read its storage waits long before it tries again.
  dependsOn: [
    roles
  ]
  params: {
    callbackHosts: callbackHosts
    contentSafetyEndpoint: ai.outputs.contentSafetyEndpoint
    deployFrom: deployFrom
    documentIntelligenceEndpoint: ai.outputs.documentIntelligenceEndpoint
    documentsName: documents.outputs.name
    fastModel: fastModel
    fastModelVersion: fastModelVersion
    heavyModel: heavyModel
    heavyModelVersion: heavyModelVersion
    hostStorageName: hostStorage.outputs.name
    identityClientId: identity.properties.clientId
    identityId: identity.id
    insightsName: monitoring.outputs.insightsName
    location: location
    modelEndpoint: ai.outputs.modelEndpoint
    modelReasoning: modelReasoning
    packageContainer: hostStorage.outputs.packageContainer
    privateNetwork: privateNetwork
    signInAudience: signInAudience
    signInTenant: signInTenant
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    tags: tags
    token: token
    vaultName: vault.outputs.name
  }
}

module endpoints 'endpoints.bicep' = if (privateNetwork) {
  name: 'endpoints'
  params: {
    appId: app.outputs.id
    contentSafetyId: ai.outputs.contentSafetyId
    documentIntelligenceId: ai.outputs.documentIntelligenceId
    documentsId: documents.outputs.id
    hostStorageId: hostStorage.outputs.id
    location: location
    modelId: ai.outputs.modelId
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    tags: tags
    token: token
    vaultId: vault.outputs.id
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    addresses: alertAddresses
    budgetStart: budgetStart
    hourlyTokens: hourlyTokens
    location: location
    modelId: ai.outputs.modelId
    modelLocation: modelLocation
    monthlyBudget: monthlyBudget
    tags: tags
    token: token
    topicId: events.outputs.topicId
    workspaceId: monitoring.outputs.workspaceId
  }
}

resource safety 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'golden-thread'
  properties: {
    level: 'CanNotDelete'
    notes: 'Case files and their audit log: take the lock away only to take the whole service away.'
  }
}

output address string = app.outputs.address
output app string = app.outputs.name
output appId string = app.outputs.id
output documents string = documents.outputs.name
output topic string = events.outputs.topicId
output undelivered string = documents.outputs.undelivered
output vault string = vault.outputs.id
