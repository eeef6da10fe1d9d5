// The private endpoints, and the names under which they are found inside the network.
param appId string
param contentSafetyId string
param documentIntelligenceId string
param documentsId string
param hostStorageId string
param location string
param modelId string
param networkId string
param subnetId string
param tags object
param token string
param vaultId string

var storageSuffix = environment().suffixes.storage

var always = [
  {
    name: 'app'
    id: appId
    group: 'sites'
    zone: 'privatelink.azurewebsites.net'
  }
  {
    name: 'host-blob'
    id: hostStorageId
    group: 'blob'
    zone: 'privatelink.blob.${storageSuffix}'
  }
  {
    name: 'host-queue'
    id: hostStorageId
    group: 'queue'
    zone: 'privatelink.queue.${storageSuffix}'
  }
  {
    name: 'host-table'
    id: hostStorageId
    group: 'table'
    zone: 'privatelink.table.${storageSuffix}'
  }
  {
    name: 'documents-blob'
    id: documentsId
    group: 'blob'
    zone: 'privatelink.blob.${storageSuffix}'
  }
  {
    name: 'documents-queue'
    id: documentsId
    group: 'queue'
    zone: 'privatelink.queue.${storageSuffix}'
  }
  {
    name: 'vault'
    id: vaultId
    group: 'vault'
    zone: 'privatelink.vaultcore.azure.net'
  }
]
var ofModel = empty(modelId) ? [] : [
  {
    name: 'model'
    id: modelId
    group: 'account'
    zone: 'privatelink.openai.azure.com'
  }
]
var ofSafety = empty(contentSafetyId) ? [] : [
  {
    name: 'content-safety'
    id: contentSafetyId
    group: 'account'
    zone: 'privatelink.cognitiveservices.azure.com'
  }
]
var ofReader = empty(documentIntelligenceId) ? [] : [
  {
    name: 'document-intelligence'
    id: documentIntelligenceId
    group: 'account'
    zone: 'privatelink.cognitiveservices.azure.com'
  }
]
var wanted = concat(always, ofModel, ofSafety, ofReader)
var zoneNames = [
  'privatelink.azurewebsites.net'
  'privatelink.blob.${storageSuffix}'
  'privatelink.queue.${storageSuffix}'
  'privatelink.table.${storageSuffix}'
  'privatelink.vaultcore.azure.net'
  'privatelink.openai.azure.com'
  'privatelink.cognitiveservices.azure.com'
]

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [for zone in zoneNames: {
  name: zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [for (zone, index) in zoneNames: {
  parent: zones[index]
  name: 'golden-thread'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: networkId
    }
  }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for endpoint in wanted: {
  name: 'pe-${endpoint.name}-${token}'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: endpoint.name
        properties: {
          privateLinkServiceId: endpoint.id
          groupIds: [
            endpoint.group
          ]
        }
      }
    ]
  }
}]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (endpoint, index) in wanted: {
  parent: endpoints[index]
  name: 'default'
  dependsOn: [
    zones
  ]
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'golden-thread'
        properties: {
          privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', endpoint.zone)
        }
      }
    ]
  }
}]
