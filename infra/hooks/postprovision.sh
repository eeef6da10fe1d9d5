#!/bin/sh
# Makes the keys of the audit log and of callbacks, each once. It goes through the management interface, which a private vault answers
# too, and they are seen by no person, log or list of processes.
set -eu
umask 077

: "${VAULT_ID:?run by azd after provisioning}" "${SERVICE_HANDLER_ID:?}"
api=2023-07-01
made=""
body=$(mktemp)
trap 'rm -f "$body"' EXIT HUP INT TERM

for name in audit-key callback-key; do
  secret="https://management.azure.com$VAULT_ID/secrets/$name?api-version=$api"

  # Only "there is none" makes one: an audit key that is replaced leaves a log that cannot be verified.
  if answer=$(az rest --method get --url "$secret" --output none 2>&1); then
    echo "the secret $name is there"
    continue
  fi
  case "$answer" in
    *NotFound*) ;;
    *)
      echo "error: cannot tell whether the secret $name is there: $answer" >&2
      exit 1
      ;;
  esac

  {
    printf '{"properties":{"contentType":"text/plain","attributes":{"enabled":true},"value":"'
    openssl rand -base64 48 | tr -d '\n'
    printf '"}}'
  } >"$body"
  az rest --method put --url "$secret" --body "@$body" --output none
  echo "made the secret $name"
  made=yes
done

# The app's settings were there before the secrets: what the platform could not read it would try again only after a day.
if [ -n "$made" ]; then
  az rest --method post --output none \
    --url "https://management.azure.com$SERVICE_HANDLER_ID/config/configreferences/appsettings/refresh?api-version=2022-03-01"
fi
