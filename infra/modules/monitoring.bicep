// Logs and metrics. The app sends them with a token of its identity; a key for sending does not work.
param location string
param logDays int
param tags object
param token string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-golden-thread-${token}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: logDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-golden-thread-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    // Addresses of callers are personal data, and are not needed.
    DisableIpMasking: false
    RetentionInDays: logDays
  }
}

output insightsName string = insights.name
output workspaceId string = workspace.id
