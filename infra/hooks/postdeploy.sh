#!/bin/sh
# After the app runs: subscribes it to uploads, for which its own key is needed. In a private network Event Grid cannot reach the app;
# there the subscription to a queue is part of the template, and nothing is left to do.
set -eu
umask 077

: "${AZURE_RESOURCE_GROUP:?run by azd after deploying}" "${SERVICE_HANDLER_NAME:?}" "${SERVICE_HANDLER_URI:?}"
: "${EVENT_TOPIC_ID:?}" "${DOCUMENTS_ACCOUNT:?}" "${UNDELIVERED_CONTAINER:?}"

if [ "${PRIVATE_NETWORK:-false}" = "true" ]; then
  echo "uploads reach the app by the queue \`source-events\`"
  exit 0
fi

# The host makes the key when it first indexes a blob trigger, some time after the deployment.
key=""
tries=0
while [ -z "$key" ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 30 ]; then
    echo "error: the app has no key \`blobs_extension\` after five minutes: it does not start, or its blob trigger is not" >&2
    echo "       fed by Event Grid. See docs/troubleshooting.md" >&2
    exit 1
  fi
  if [ "$tries" -gt 1 ]; then
    sleep 10
  fi
  key=$(az functionapp keys list --resource-group "$AZURE_RESOURCE_GROUP" --name "$SERVICE_HANDLER_NAME" \
    --query systemKeys.blobs_extension --output tsv 2>/dev/null || true)
  if [ "$key" = "None" ]; then
    key=""
  fi
done

body=$(mktemp)
trap 'rm -f "$body"' EXIT HUP INT TERM
account=$(az storage account show --resource-group "$AZURE_RESOURCE_GROUP" --name "$DOCUMENTS_ACCOUNT" --query id --output tsv)
# The key is in the file and not in an argument, which others on this machine could read.
cat >"$body" <<JSON
{
  "properties": {
    "eventDeliverySchema": "EventGridSchema",
    "destination": {
      "endpointType": "WebHook",
      "properties": {
        "endpointUrl": "$SERVICE_HANDLER_URI/runtime/webhooks/blobs?functionName=Host.Functions.draft-on-upload&code=$key",
        "maxEventsPerBatch": 1,
        "preferredBatchSizeInKilobytes": 64
      }
    },
    "deadLetterWithResourceIdentity": {
      "identity": { "type": "SystemAssigned" },
      "deadLetterDestination": {
        "endpointType": "StorageBlob",
        "properties": { "resourceId": "$account", "blobContainerName": "$UNDELIVERED_CONTAINER" }
      }
    },
    "filter": {
      "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
      "subjectBeginsWith": "/blobServices/default/containers/sources/"
    },
    "retryPolicy": { "eventTimeToLiveInMinutes": 1440, "maxDeliveryAttempts": 30 }
  }
}
JSON
url="https://management.azure.com$EVENT_TOPIC_ID/eventSubscriptions/uploads?api-version=2025-02-15"
az rest --method put --url "$url" --body "@$body" --output none

state=""
tries=0
while [ "$state" != "Succeeded" ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 30 ] || [ "$state" = "Failed" ]; then
    echo "error: the subscription to uploads is '$state': the app did not answer Event Grid's question" >&2
    exit 1
  fi
  sleep 5
  state=$(az rest --method get --url "$url" --query properties.provisioningState --output tsv)
done
echo "uploads to \`sources\` reach the app"
