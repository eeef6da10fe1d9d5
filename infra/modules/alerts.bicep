// Whom to wake, and for what. The queries look for words that the app and the host write; a test holds the app's against its code.
param addresses string
param budgetStart string
param hourlyTokens int
param location string
param modelId string
param modelLocation string
param monthlyBudget int
param tags object
param token string
param topicId string
param workspaceId string

// Budgets take addresses as they are, without blanks.
var people = split(replace(addresses, ' ', ''), ',')

var rules = [
  {
    name: 'case-given-up'
    text: 'A case could not be drafted and was given up: its `FAILED.json` says why. Somebody must look today.'
    query: 'AppTraces | where Message has \'"alert":true\''
    severity: 1
    minutes: 5
    above: 0
  }
  {
    name: 'poison-queue'
    text: 'Something failed every time and reached a poison queue.'
    query: 'AppRequests | where Name startswith "poisoned-"'
    severity: 2
    minutes: 15
    above: 0
  }
  {
    name: 'failures'
    text: 'Functions fail: storage, the model or the app itself.'
    query: 'AppRequests | where Success == false and (isempty(ResultCode) or toint(ResultCode) == 0 or toint(ResultCode) >= 500)'
    severity: 2
    minutes: 15
    above: 10
  }
  {
    name: 'not-starting'
    text: 'The app does not start or dies: its settings, its recipes or its binary.'
    query: 'AppTraces | where SeverityLevel >= 3 and Message has_any ("Exceeded", "HostInitialization", "Host startup operation", "the program panicked")'
    severity: 1
    minutes: 15
    above: 0
  }
  {
    name: 'sign-in'
    text: 'Many callers were not let in: a flow with a wrong role, or somebody who tries doors.'
    query: 'AppTraces | where Message has "a caller was not let in"'
    severity: 2
    minutes: 15
    above: 20
  }
  {
    name: 'vault-refusals'
    text: 'Somebody or something was refused by the vault of the audit log\'s key.'
    query: 'AzureDiagnostics | where ResourceProvider == "MICROSOFT.KEYVAULT" and ResultType != "Success" and httpStatusCode_d in (401, 403)'
    severity: 2
    minutes: 30
    above: 5
  }
]

resource someone 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-golden-thread-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'goldthread'
    emailReceivers: [for (address, index) in people: {
      name: 'person-${index}'
      emailAddress: address
      useCommonAlertSchema: true
    }]
  }
}

resource queries 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'alert-${rule.name}-${token}'
  location: location
  tags: tags
  properties: {
    displayName: rule.name
    description: rule.text
    enabled: true
    severity: rule.severity
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT${rule.minutes}M'
    windowSize: 'PT${rule.minutes}M'
    autoMitigate: true
    // Tables come with their first row: a new workspace has none yet.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: rule.above
          failingPeriods: {
            minFailingPeriodsToAlert: 1
            numberOfEvaluationPeriods: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        someone.id
      ]
    }
  }
}]

resource undelivered 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-undelivered-events-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid gave events up: uploads that no draft was begun for. They lie in the container `undelivered-events`.'
    enabled: true
    severity: 1
    scopes: [
      topicId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'undelivered'
          metricName: 'DeadLetteredCount'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      {
        actionGroupId: someone.id
      }
    ]
  }
}

resource tokens 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(modelId)) {
  name: 'alert-model-tokens-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The model is asked far more than usual: the budget tells only the day after.'
    enabled: true
    severity: 2
    scopes: [
      modelId
    ]
    targetResourceRegion: modelLocation
    targetResourceType: 'Microsoft.CognitiveServices/accounts'
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'tokens'
          metricName: 'TokenTransaction'
          metricNamespace: 'Microsoft.CognitiveServices/accounts'
          operator: 'GreaterThan'
          threshold: hourlyTokens
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      {
        actionGroupId: someone.id
      }
    ]
  }
}

resource rights 'Microsoft.Insights/activityLogAlerts@2023-01-01-preview' = {
  name: 'alert-rights-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Somebody was given or lost a role on the resource group or something in it.'
    enabled: true
    scopes: [
      resourceGroup().id
    ]
    condition: {
      allOf: [
        {
          field: 'category'
          equals: 'Administrative'
        }
        {
          anyOf: [
            {
              field: 'operationName'
              equals: 'Microsoft.Authorization/roleAssignments/write'
            }
            {
              field: 'operationName'
              equals: 'Microsoft.Authorization/roleAssignments/delete'
            }
            {
              field: 'operationName'
              equals: 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete'
            }
          ]
        }
      ]
    }
    actions: {
      actionGroups: [
        {
          actionGroupId: someone.id
        }
      ]
    }
  }
}

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: 'golden-thread-${token}'
  properties: {
    amount: monthlyBudget
    category: 'Cost'
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: budgetStart
    }
    notifications: {
      half: {
        enabled: true
        contactEmails: people
        contactGroups: [
          someone.id
        ]
        operator: 'GreaterThan'
        threshold: 50
        thresholdType: 'Actual'
      }
      nearly: {
        enabled: true
        contactEmails: people
        contactGroups: [
          someone.id
        ]
        operator: 'GreaterThan'
        threshold: 90
        thresholdType: 'Actual'
      }
      foreseen: {
        enabled: true
        contactEmails: people
        contactGroups: [
          someone.id
        ]
        operator: 'GreaterThan'
        threshold: 110
        thresholdType: 'Forecasted'
      }
    }
  }
}
