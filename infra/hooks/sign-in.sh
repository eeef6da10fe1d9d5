#!/bin/sh
# Makes, or brings up to date, the app registration that people and flows sign in to, with the app roles of README.md; prints what
# `azd env set` wants. Needs the right to register applications. Nobody has a role afterwards: an administrator gives them.
set -eu
umask 077

name=${1:-golden-thread}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

client=$(az ad app list --filter "displayName eq '$name'" --query '[].appId' --output tsv)
case "$client" in
  "") client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv) ;;
  *[[:space:]]*)
    echo "error: there are several registrations named \`$name\`" >&2
    exit 1
    ;;
esac
az ad app update --id "$client" --identifier-uris "api://$client" --app-roles "@$here/app-roles.json" \
  --set api.requestedAccessTokenVersion=2
if ! az ad sp show --id "$client" --output none 2>/dev/null; then
  az ad sp create --id "$client" --output none
fi
# Without it whoever is in the tenant gets a token, and is turned away only by the app.
az ad sp update --id "$client" --set appRoleAssignmentRequired=true

echo "azd env set GT_SIGN_IN_TENANT $(az account show --query tenantId --output tsv)"
echo "azd env set GT_SIGN_IN_AUDIENCE \"api://$client $client\""
