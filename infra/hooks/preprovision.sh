#!/bin/sh
# Before anything is made: what must be decided is, and the model is offered where it is asked for.
set -eu

missing=""
for name in GT_SIGN_IN_TENANT GT_SIGN_IN_AUDIENCE GT_ALERT_ADDRESSES; do
  eval "value=\${$name:-}"
  if [ -z "$value" ]; then
    missing="$missing $name"
  fi
done
if [ -n "$missing" ]; then
  echo "error: set these with 'azd env set NAME value':$missing" >&2
  echo "hint: infra/hooks/sign-in.sh makes the app registration and prints tenant and audience;" >&2
  echo "      infra/sandbox.env and infra/production.env hold everything else" >&2
  exit 1
fi

if [ "${GT_MODEL:-true}" != "true" ]; then
  exit 0
fi
if ! command -v az >/dev/null 2>&1; then
  echo "note: without the Azure CLI it is not checked whether the models are offered in $GT_MODEL_LOCATION" >&2
  exit 0
fi

offered=$(az cognitiveservices model list --location "$GT_MODEL_LOCATION" \
  --query "[?kind=='OpenAI'].[model.name, model.version, join(' ', model.skus[].name)]" --output tsv)
tab=$(printf '\t')
for wanted in "$GT_HEAVY_MODEL$tab$GT_HEAVY_MODEL_VERSION" "$GT_FAST_MODEL$tab$GT_FAST_MODEL_VERSION"; do
  processing=$(printf '%s\n' "$offered" | awk -F '\t' -v wanted="$wanted" '$1 "\t" $2 == wanted { print $3 }')
  case " $processing " in
    *" $GT_MODEL_PROCESSING "*) ;;
    *)
      echo "error: $wanted is not offered in $GT_MODEL_LOCATION with $GT_MODEL_PROCESSING processing (but: ${processing:-nothing})" >&2
      echo "hint: choose GT_MODEL_LOCATION, GT_MODEL_PROCESSING or another model; worldwide processing is not among the choices" >&2
      exit 1
      ;;
  esac
done
