// Everything that Golden Thread needs in one subscription: a resource group and what lies in it. What each part is for, what was
// checked and what was not stands in README.md beside this file.
targetScope = 'subscription'

@description('Names the environment; part of every name: `golden-thread-sandbox`.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where everything lies. UK South keeps data at rest in the United Kingdom.')
param location string = 'uksouth'

@description('Where the model is asked, when it is not offered in `location`.')
param modelLocation string = location

@description('Who deploys; `azd` always fills it in. It gives no right by itself.')
param principalId string = ''

@description('`true` lets whoever deploys hand in cases and fetch drafts, for trying out. `false`: nobody beside the app has a role on data.')
param deployerMayTry bool = false

@description('Whether that is a person or an app.')
@allowed([
  'User'
  'ServicePrincipal'
])
param principalType string = 'User'

@description('The tenant whose people and apps may call.')
param signInTenant string = tenant().tenantId

@description('The names under which tokens may be made for this app, made by `infra/hooks/sign-in.sh`. Without one nobody could call, and the app would not start.')
@minLength(1)
param signInAudience string

@description('Hosts that may be called back when a draft has ended: names, or `*.` and an ending, commas between. Empty: nobody is.')
param callbackHosts string = ''

@description('`true` closes every door to the internet: private endpoints, and events by a storage queue.')
param privateNetwork bool = false

@description('With a private network: addresses (CIDR, commas between) from which the app may be deployed over its deployment site. Empty: only from inside the network.')
param deployFrom string = ''

@description('With a private network: its range of addresses.')
param networkRange string = '10.20.0.0/24'

@description('The part of it that the app joins, at least /27.')
param appRange string = '10.20.0.0/26'

@description('The part of it for private endpoints.')
param endpointRange string = '10.20.0.64/26'

@description('`true` brings a language model; `false` leaves the drafter that quotes.')
param model bool = true

@description('Where the model processes: regional, or in the data zone. Worldwide processing cannot be chosen.')
@allowed([
  'Standard'
  'DataZoneStandard'
  'ProvisionedManaged'
  'DataZoneProvisionedManaged'
])
param modelProcessing string = 'Standard'

@description('The model that writes and judges.')
param heavyModel string = 'gpt-5.1'

@description('Its version. It is part of every record.')
param heavyModelVersion string = '2025-11-13'

@description('Its capacity: thousands of tokens a minute, or provisioned units.')
param heavyModelCapacity int = 100

@description('The model that sorts sentences.')
param fastModel string = 'gpt-5-mini'

@description('Its version.')
param fastModelVersion string = '2025-08-07'

@description('Its capacity.')
param fastModelCapacity int = 200

@description('How much both think, for models that reason and so refuse a temperature. Empty: models that do not reason.')
@allowed([
  ''
  'none'
  'minimal'
  'low'
  'medium'
  'high'
])
param modelReasoning string = 'low'

@description('`true` brings Content Safety and switches on the screening of drafts and the shields before the model.')
param contentSafety bool = false

@description('`true` brings Document Intelligence, for scans.')
param documentIntelligence bool = false

@description('Copies of the documents: in one zone, over zones, or in a second region too.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param documentsRedundancy string = 'Standard_ZRS'

@description('Days for which something deleted can be brought back, by whoever may. Erasure is complete when they are over.')
@minValue(1)
@maxValue(365)
param recoverableDays int = 14

@description('Days after which an overwritten version of a document is deleted for good.')
@minValue(1)
param previousVersionDays int = 30

@description('Days for which nobody can change or delete an entry of the audit log.')
@minValue(1)
@maxValue(146000)
param auditDays int = 2557

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 90

@description('Whom alerts and the budget reach: addresses, commas between.')
param alertAddresses string

@description('What the resource group may cost in a month, in the currency of the subscription. An alert, and no stop.')
@minValue(1)
param monthlyBudget int = 300

@description('The first day of the month in which the budget begins; the service changes it for no later one.')
param budgetStart string

@description('Tokens of the model in an hour above which somebody should look.')
@minValue(1)
param hourlyTokens int = 3000000

@description('`true` keeps everything from being deleted by mistake.')
param lock bool = false

var tags = {
  'azd-env-name': environmentName
  product: 'golden-thread'
}
var token = toLower(uniqueString(subscription().id, environmentName, location))

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module everything 'modules/everything.bicep' = {
  name: 'golden-thread'
  scope: group
  params: {
    alertAddresses: alertAddresses
    appRange: appRange
    auditDays: auditDays
    budgetStart: budgetStart
    callbackHosts: callbackHosts
    contentSafety: contentSafety
    deployFrom: deployFrom
    documentIntelligence: documentIntelligence
    documentsRedundancy: documentsRedundancy
    endpointRange: endpointRange
    fastModel: fastModel
    fastModelCapacity: fastModelCapacity
    fastModelVersion: fastModelVersion
    heavyModel: heavyModel
    heavyModelCapacity: heavyModelCapacity
    heavyModelVersion: heavyModelVersion
    hourlyTokens: hourlyTokens
    location: location
    lock: lock
    logDays: logDays
    model: model
    modelLocation: modelLocation
    modelProcessing: modelProcessing
    modelReasoning: modelReasoning
    monthlyBudget: monthlyBudget
    networkRange: networkRange
    previousVersionDays: previousVersionDays
    principalId: deployerMayTry ? principalId : ''
    principalType: principalType
    privateNetwork: privateNetwork
    recoverableDays: recoverableDays
    signInAudience: signInAudience
    signInTenant: signInTenant
    tags: tags
    token: token
  }
}

// What `azd` keeps in its environment and the hooks read. None is a secret.
output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_HANDLER_ID string = everything.outputs.appId
output SERVICE_HANDLER_NAME string = everything.outputs.app
output SERVICE_HANDLER_URI string = everything.outputs.address
output DOCUMENTS_ACCOUNT string = everything.outputs.documents
output EVENT_TOPIC_ID string = everything.outputs.topic
output UNDELIVERED_CONTAINER string = everything.outputs.undelivered
output VAULT_ID string = everything.outputs.vault
output PRIVATE_NETWORK bool = privateNetwork
