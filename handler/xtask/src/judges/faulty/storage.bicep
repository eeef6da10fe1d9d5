resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'stfaulty'
  location: 'uksouth'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: true
    minimumTlsVersion: 'TLS1_0'
  }
}
