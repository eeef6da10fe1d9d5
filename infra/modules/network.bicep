// A private network: one subnet that the app's instances join, one for the private endpoints of everything that they call.
param appRange string
param endpointRange string
param location string
param networkRange string
param tags object
param token string

resource appRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-app-${token}'
  location: location
  tags: tags
  properties: {
    securityRules: []
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-endpoints-${token}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'https-from-the-network'
        properties: {
          access: 'Allow'
          destinationAddressPrefix: 'VirtualNetwork'
          destinationPortRange: '443'
          direction: 'Inbound'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
        }
      }
      {
        name: 'nothing-else'
        properties: {
          access: 'Deny'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
          direction: 'Inbound'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-golden-thread-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        networkRange
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: appRange
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          networkSecurityGroup: {
            id: appRules.id
          }
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointRange
          networkSecurityGroup: {
            id: endpointRules.id
          }
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
    ]
  }
}

output appSubnetId string = '${network.id}/subnets/app'
output endpointSubnetId string = '${network.id}/subnets/endpoints'
output id string = network.id
