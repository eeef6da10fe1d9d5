#!/bin/sh
# Before anything is made: what must be decided is, and what is wanted is offered where it is asked for.
set -eu

needs_model() {
  [ "${GT_MODEL:-true}" = "true" ]
}

missing=""
wanted="GT_SIGN_IN_TENANT GT_SIGN_IN_AUDIENCE GT_ALERT_ADDRESSES"
if needs_model; then
  wanted="$wanted GT_MODEL_LOCATION GT_MODEL_PROCESSING GT_HEAVY_MODEL_CAPACITY GT_FAST_MODEL_CAPACITY"
fi
for name in $wanted; do
  eval "value=\${$name:-}"
  if [ -z "$value" ]; then
    missing="$missing $name"
  fi
done
if [ -n "$missing" ]; then
  echo "error: set these with 'azd env set NAME value':$missing" >&2
  echo "hint: infra/hooks/sign-in.sh makes the app registration and prints tenant and audience;" >&2
  echo "      infra/sandbox.env and infra/production.env hold everything else, and say what the choices of a model mean" >&2
  exit 1
fi

if ! command -v az >/dev/null 2>&1; then
  echo "note: without the Azure CLI it is not checked whether what is wanted is offered" >&2
  exit 0
fi

# The subnet of the app is delegated to it, and no resource of the template would register it.
if [ "${GT_PRIVATE_NETWORK:-false}" = "true" ]; then
  registered=$(az provider show --namespace Microsoft.App --query registrationState --output tsv)
  if [ "$registered" != "Registered" ]; then
    echo "error: the subscription does not know Microsoft.App yet, which joins the app to the network" >&2
    echo "hint: az provider register --namespace Microsoft.App --wait" >&2
    exit 1
  fi
fi

# A budget begins in the month in which it is made, or later; one that is there keeps its day.
month=$(date -u +%Y-%m-01)
earlier=$(printf '%s\n%s\n' "$GT_BUDGET_START" "$month" | sort | head -n 1)
if [ "$earlier" != "$month" ] && [ "$(az group exists --name "rg-$AZURE_ENV_NAME")" = "false" ]; then
  echo "error: no budget can begin in a month that is over: azd env set GT_BUDGET_START $month" >&2
  exit 1
fi

if ! needs_model; then
  exit 0
fi

# A line a model: name, version, kinds of processing, the day until which it answers.
offered=$(az cognitiveservices model list --location "$GT_MODEL_LOCATION" \
  --query "[?kind=='OpenAI'].[model.name, model.version, join(' ', model.skus[].name || \`[]\`), model.deprecation.inference]" \
  --output tsv)
tab=$(printf '\t')
for wanted in "$GT_HEAVY_MODEL$tab$GT_HEAVY_MODEL_VERSION" "$GT_FAST_MODEL$tab$GT_FAST_MODEL_VERSION"; do
  line=$(printf '%s\n' "$offered" | awk -F '\t' -v wanted="$wanted" '$1 "\t" $2 == wanted')
  case " $(printf '%s' "$line" | cut -f 3) " in
    *" $GT_MODEL_PROCESSING "*)
      echo "$wanted answers in $GT_MODEL_LOCATION until $(printf '%s' "$line" | cut -f 4 | cut -c 1-10)"
      ;;
    *)
      echo "error: $wanted is not offered in $GT_MODEL_LOCATION with $GT_MODEL_PROCESSING processing" >&2
      echo "hint: choose GT_MODEL_LOCATION, GT_MODEL_PROCESSING (worldwide processing is not among the choices) or another model." >&2
      echo "      With $GT_MODEL_PROCESSING this place offers:" >&2
      printf '%s\n' "$offered" | awk -F '\t' -v kind=" $GT_MODEL_PROCESSING " \
        'index(" " $3 " ", kind) { print "        " $1 " " $2 ", until " substr($4, 1, 10) }' >&2
      exit 1
      ;;
  esac
done
