// The language model, Content Safety and Document Intelligence. All are asked with a token; none has a key.
param contentSafety bool
param documentIntelligence bool
param fastModel string
param fastModelCapacity int
param fastModelVersion string
param heavyModel string
param heavyModelCapacity int
param heavyModelVersion string
param location string
param model bool
param modelLocation string
param modelProcessing string
param privateNetwork bool
param tags object
param token string
param workspaceId string

var openAiName = 'oai-golden-thread-${token}'
var safetyName = 'cs-golden-thread-${token}'
var readerName = 'di-golden-thread-${token}'

resource openAi 'Microsoft.CognitiveServices/accounts@2024-10-01' = if (model) {
  name: openAiName
  location: modelLocation
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: openAiName
    disableLocalAuth: true
    networkAcls: {
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    // What a prompt says cannot make the service fetch anything.
    restrictOutboundNetworkAccess: true
    allowedFqdnList: []
  }
}

// Reports about children speak of harm, and rightly: only the gravest is refused at the way in, and what comes out is held to the
// service's ordinary measure. Attacks on the model are refused both ways.
resource measure 'Microsoft.CognitiveServices/accounts/raiPolicies@2024-10-01' = if (model) {
  parent: openAi
  name: 'reports-about-children'
  properties: {
    basePolicyName: 'Microsoft.DefaultV2'
    mode: 'Default'
    contentFilters: [
      {
        name: 'Hate'
        source: 'Prompt'
        enabled: true
        blocking: true
        severityThreshold: 'High'
      }
      {
        name: 'Sexual'
        source: 'Prompt'
        enabled: true
        blocking: true
        severityThreshold: 'High'
      }
      {
        name: 'Violence'
        source: 'Prompt'
        enabled: true
        blocking: true
        severityThreshold: 'High'
      }
      {
        name: 'Selfharm'
        source: 'Prompt'
        enabled: true
        blocking: true
        severityThreshold: 'High'
      }
      {
        name: 'Jailbreak'
        source: 'Prompt'
        enabled: true
        blocking: true
      }
      {
        name: 'Indirect Attack'
        source: 'Prompt'
        enabled: true
        blocking: true
      }
      {
        name: 'Hate'
        source: 'Completion'
        enabled: true
        blocking: true
        severityThreshold: 'Medium'
      }
      {
        name: 'Sexual'
        source: 'Completion'
        enabled: true
        blocking: true
        severityThreshold: 'Medium'
      }
      {
        name: 'Violence'
        source: 'Completion'
        enabled: true
        blocking: true
        severityThreshold: 'Medium'
      }
      {
        name: 'Selfharm'
        source: 'Completion'
        enabled: true
        blocking: true
        severityThreshold: 'Medium'
      }
    ]
  }
}

resource heavy 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = if (model) {
  parent: openAi
  name: 'heavy'
  sku: {
    name: modelProcessing
    capacity: heavyModelCapacity
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: heavyModel
      version: heavyModelVersion
    }
    raiPolicyName: measure.name
    // Another version is another drafter: it is chosen, tried and recorded, and never comes by itself.
    versionUpgradeOption: 'NoAutoUpgrade'
  }
}

resource fast 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = if (model) {
  parent: openAi
  name: 'fast'
  // The service makes one deployment at a time.
  dependsOn: [
    heavy
  ]
  sku: {
    name: modelProcessing
    capacity: fastModelCapacity
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: fastModel
      version: fastModelVersion
    }
    raiPolicyName: measure.name
    versionUpgradeOption: 'NoAutoUpgrade'
  }
}

resource safety 'Microsoft.CognitiveServices/accounts@2024-10-01' = if (contentSafety) {
  name: safetyName
  location: location
  tags: tags
  kind: 'ContentSafety'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: safetyName
    disableLocalAuth: true
    networkAcls: {
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
  }
}

resource reader 'Microsoft.CognitiveServices/accounts@2024-10-01' = if (documentIntelligence) {
  name: readerName
  location: location
  tags: tags
  kind: 'FormRecognizer'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: readerName
    disableLocalAuth: true
    networkAcls: {
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
  }
}

// Who changed and asked; never what was asked or answered.
resource openAiLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (model) {
  name: 'golden-thread'
  scope: openAi
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'Audit'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output contentSafetyEndpoint string = contentSafety ? 'https://${safetyName}.cognitiveservices.azure.com' : ''
output contentSafetyId string = contentSafety ? safety.id : ''
output contentSafetyName string = contentSafety ? safetyName : ''
output documentIntelligenceEndpoint string = documentIntelligence ? 'https://${readerName}.cognitiveservices.azure.com' : ''
output documentIntelligenceId string = documentIntelligence ? reader.id : ''
output documentIntelligenceName string = documentIntelligence ? readerName : ''
output modelEndpoint string = model ? 'https://${openAiName}.openai.azure.com/openai/v1' : ''
output modelId string = model ? openAi.id : ''
output modelName string = model ? openAiName : ''
