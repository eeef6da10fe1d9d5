// What tells the app of an upload. The topic is here; on the open network the subscription needs the running app and its key, and is
// made by `hooks/postdeploy.sh`. Event Grid cannot reach an app behind a private endpoint: there the events go into a queue of the
// documents' account, and the function `draft-on-event` takes them.
param documentsName string
param location string
param privateNetwork bool
param tags object
param token string
param workspaceId string

var roleIds = {
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  queueSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
}

resource documents 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: documentsName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' existing = {
  parent: documents
  name: 'default'
}

resource undelivered 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'undelivered-events'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' existing = {
  parent: documents
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: 'source-events'
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-golden-thread-${token}'
  location: location
  tags: tags
  // Its own identity and not a shared one: a storage account with a firewall takes Event Grid's deliveries by the topic's own only.
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: documents.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

resource keepsUndelivered 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(undelivered.id, topic.id, roleIds.blobContributor)
  scope: undelivered
  properties: {
    description: 'Event Grid leaves in this container what it could not deliver, so that no upload is lost.'
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.blobContributor)
  }
}

resource sendsEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (privateNetwork) {
  name: guid(queue.id, topic.id, roleIds.queueSender)
  scope: queue
  properties: {
    description: 'Event Grid puts events into this queue, for it cannot reach an app behind a private endpoint.'
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.queueSender)
  }
}

resource delivery 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (privateNetwork) {
  parent: topic
  name: 'source-events'
  dependsOn: [
    keepsUndelivered
    sendsEvents
  ]
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    deliveryWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: documents.id
          queueName: queue.name
          queueMessageTimeToLiveInSeconds: -1
        }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: documents.id
          blobContainerName: undelivered.name
        }
      }
    }
    filter: {
      includedEventTypes: [
        'Microsoft.Storage.BlobCreated'
      ]
      subjectBeginsWith: '/blobServices/default/containers/sources/'
    }
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'golden-thread'
  scope: topic
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'DeliveryFailures'
        enabled: true
      }
    ]
  }
}

output topicId string = topic.id
