#!/bin/sh
# Makes, or brings up to date, the app registration that people and flows sign in to, with the app roles of README.md and the one scope
# that connectors and the Azure CLI ask for; prints what `azd env set` wants. Needs the right to register applications. Nobody has a
# role afterwards: an administrator gives them.
set -eu
umask 077

name=${1:-golden-thread}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scope=0f0d4b0a-6f0f-4a51-9b5e-2f7f6f1c6a04
# The Azure CLI, by which the runbook's commands sign in.
cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46

client=$(az ad app list --filter "displayName eq '$name'" --query '[].appId' --output tsv)
case "$client" in
  "") client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv) ;;
  *[[:space:]]*)
    echo "error: there are several registrations named \`$name\`" >&2
    exit 1
    ;;
esac
az ad app update --id "$client" --identifier-uris "api://$client" --app-roles "@$here/app-roles.json"

body=$(mktemp)
trap 'rm -f "$body"' EXIT HUP INT TERM
registration="https://graph.microsoft.com/v1.0/applications(appId='$client')"
cat >"$body" <<JSON
{
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [
      {
        "id": "$scope",
        "value": "user_impersonation",
        "type": "User",
        "isEnabled": true,
        "adminConsentDisplayName": "Call Golden Thread as the person who is signed in",
        "adminConsentDescription": "The app sees who calls, and lets them do what their own app roles say.",
        "userConsentDisplayName": "Call Golden Thread in your name",
        "userConsentDescription": "What may be done is what your own roles say."
      }
    ]
  }
}
JSON
az rest --method patch --url "$registration" --body "@$body" --output none
# Apart from the one before: a scope must be there before anybody is let in by it.
printf '{"api":{"preAuthorizedApplications":[{"appId":"%s","delegatedPermissionIds":["%s"]}]}}' "$cli" "$scope" >"$body"
az rest --method patch --url "$registration" --body "@$body" --output none

if ! az ad sp show --id "$client" --output none 2>/dev/null; then
  az ad sp create --id "$client" --output none
fi
# Without it whoever is in the tenant gets a token, and is turned away only by the app.
az ad sp update --id "$client" --set appRoleAssignmentRequired=true

echo "azd env set GT_SIGN_IN_TENANT $(az account show --query tenantId --output tsv)"
echo "azd env set GT_SIGN_IN_AUDIENCE \"api://$client $client\""
