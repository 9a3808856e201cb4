#!/usr/bin/env bash
# Prepares a Kubernetes cluster and installs Universal Messaging on it. Run it again after a failure: it goes on where it stopped.
set -euo pipefail

chart_repository=${UM_CHART_REPOSITORY:-https://charts.universal-messaging.example}
registry=${UM_REGISTRY:-cr.universal-messaging.example}

usage() {
  cat <<'HELP'
install.sh --flavor NAME --release NAME --registry-username NAME --registry-password PASSWORD --registry-email EMAIL [options]

Options (* is mandatory):
  --api-root URL               public address of the API, such as https://www.acme.org
  --api-password PASSWORD      first password of the API's administrator
  --cluster NAME               cluster to create (messaging-cluster)
  --config PATH                file for the generated Helm configuration (./config.json)
  --dry-run                    print the commands, run none
  --flavor NAME *              aks, eks, gke or microk8s
  --helm-debug                 let Helm tell more
  --namespace NAME             Kubernetes namespace (messaging)
  --rabbitmq-password PASSWORD
  --rabbitmq-erlang-cookie COOKIE
  --redis-password PASSWORD
  --registry-username NAME *   account for the container images
  --registry-password PASSWORD *
  --registry-email EMAIL *
  --release NAME *             Helm release to create
  --stage NAME                 install another stage than production: dev, beta, stage ... (for a lab only)
  --verbose                    tell each step (always on)
  --workers NUMBER             worker nodes (3; microk8s: 1)

Azure only:
  --az-resource-group NAME     resource group to create; the release's name when not given
  --az-resource-location NAME  location of the resource group; needed if the account has no default
  --az-subscription ID         subscription that pays
HELP
}

say() { printf '%s\n' "$*"; }
warn() { printf 'WARNING: %s\n' "$*" >&2; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit "${2:-1}"; }

### Options

api_root='' api_password='' cluster=messaging-cluster config=./config.json dry_run=false flavor='' helm_debug=false
namespace=messaging rabbitmq_password='' rabbitmq_erlang_cookie='' redis_password='' release='' stage='' workers=''
registry_username='' registry_password='' registry_email=''
az_resource_group='' az_resource_location='' az_subscription=''

# Sets the variable that an option is named after: --api-root is api_root.
set_option() {
  local name=${1#--}
  [ -n "$2" ] || die "$1 needs a value" 2
  printf -v "${name//-/_}" '%s' "$2"
}

parse_options() {
  while [ $# -gt 0 ]; do
    local option=$1 value='' has_value=false
    # The first guide printed these with one dash, and one of them misspelt.
    case $option in -az-*) option=-$option ;; esac
    case $option in --az-sunscription*) option=--az-subscription${option#--az-sunscription} ;; esac
    case $option in --*=*) value=${option#*=} option=${option%%=*} has_value=true ;; esac
    case $option in
      --help | -h) usage; exit ;;
      --dry-run) dry_run=true ;;
      --helm-debug) helm_debug=true ;;
      --verbose) ;;
      --api-root | --api-password | --cluster | --config | --flavor | --namespace | --rabbitmq-password | --rabbitmq-erlang-cookie | \
        --redis-password | --registry-username | --registry-password | --registry-email | --release | --stage | --workers | \
        --az-resource-group | --az-resource-location | --az-subscription)
        if ! $has_value; then
          [ $# -ge 2 ] || die "$option needs a value" 2
          value=$2
          shift
        fi
        set_option "$option" "$value"
        ;;
      *) die "unknown option $1; see --help" 2 ;;
    esac
    shift
  done
}

check_options() {
  local option missing=''
  for option in flavor release registry_username registry_password registry_email; do
    [ -n "${!option}" ] || missing="$missing --${option//_/-}"
  done
  [ -z "$missing" ] || die "missing:$missing; see --help" 2
  case $flavor in aks | eks | gke | microk8s) ;; *) die "unknown flavor $flavor: choose aks, eks, gke or microk8s" 2 ;; esac
  [[ $release =~ ^[a-z]([-a-z0-9]{0,15}[a-z0-9])?$ ]] || die "the release $release must be 1 to 17 lower-case letters, digits and dashes, and begin with a letter" 2
  [[ $namespace =~ ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ ]] || die "the namespace $namespace must be lower-case letters, digits and dashes" 2
  case $api_root in '' | http://* | https://*) ;; *) api_root=https://$api_root ;; esac
  check_workers
  if [ "$flavor" = aks ] && [ -z "$az_resource_group" ]; then
    az_resource_group=$release
    warn "no --az-resource-group: the resource group will be called $az_resource_group"
  fi
}

check_workers() {
  if [ -z "$workers" ]; then
    if [ "$flavor" = microk8s ]; then workers=1; else workers=3; fi
  fi
  [[ $workers =~ ^[1-9][0-9]*$ ]] || die "--workers must be a number" 2
  if [ "$flavor" = aks ] && [ "$workers" -lt 3 ]; then die "AKS needs at least 3 workers" 2; fi
  if [ "$flavor" = microk8s ] && [ "$workers" -ne 1 ]; then die "microk8s has exactly 1 worker; add others by yourself later" 2; fi
}

### Passwords

# Estimates the guesses that a password stands, as a power of ten, on the side of caution: a run of letters counts as one word
# of a dictionary, whatever its length, and counting up or years count little. zxcvbn's score of 3 begins at 8.
strength_of() {
  local text=${1,,} strength=0 run
  # The same sign over and over adds nothing, a year little, and look-alikes are the first thing that is tried.
  text=$(printf '%s' "$text" | sed -E 's/(.)\1{2,}/\1/g; s/(19|20)[0-9]{2}/9/g; /^[0-9]+$/b; s/([a-z])@/\1a/g; s/@([a-z])/a\1/g; y/013457$/oieasts/')
  while [ -n "$text" ]; do
    if [[ $text =~ ^[a-z]+ ]]; then
      run=${BASH_REMATCH[0]}
      case $run in
        *password* | *secret* | *admin* | *welcome* | *qwerty* | *letmein* | *genesys* | *messaging* | *universal* | *abcd* | *test*) strength=$((strength + 2)) ;;
        ? | ?? | ???) strength=$((strength + ${#run})) ;;
        *) strength=$((strength + 4 + (${#run} > 9 ? ${#run} - 9 : 0))) ;;
      esac
    elif [[ $text =~ ^[0-9]+ ]]; then
      run=${BASH_REMATCH[0]}
      strength=$((strength + (${#run} > 4 ? (${#run} + 3) / 2 : (${#run} + 1) / 2)))
    else
      run=${text:0:1}
      strength=$((strength + 1))
    fi
    text=${text#"$run"}
  done
  echo "$strength"
}

check_password_strength() {
  if [ -z "$api_password" ]; then return; fi
  if [ "$(strength_of "$api_password")" -lt 8 ]; then
    die "--api-password is too easy to guess: it must score at least 3 with zxcvbn. Four unrelated words do."
  fi
}

random_text() { head -c 512 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | cut -c "1-$1"; }

# A password that was not given is made up, unless an earlier run has written one.
generate_passwords() {
  if [ -e "$config" ]; then return; fi
  local name
  for name in api_password redis_password rabbitmq_password rabbitmq_erlang_cookie; do
    if [ -z "${!name}" ]; then
      printf -v "$name" '%s' "$(random_text 32)"
      warn "no --${name//_/-}: it was generated, you find it in $config"
    fi
  done
}

### Helm configuration

json_text() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

flavor_values() {
  case $flavor in
    aks) say ',' '  "ingress": { "className": "webapprouting.kubernetes.azure.com" }' ;;
    eks)
      say ',' '  "ingress": { "className": "alb", "annotations": {' \
        '    "alb.ingress.kubernetes.io/target-type": "ip",' \
        '    "alb.ingress.kubernetes.io/scheme": "internet-facing",' \
        '    "alb.ingress.kubernetes.io/healthcheck-port": "32000",' \
        '    "alb.ingress.kubernetes.io/healthcheck-path": "/healthz/readiness"' '  } }'
      ;;
    gke) say ',' '  "ingress": { "annotations": { "kubernetes.io/ingress.class": "gce" } }' ;;
    microk8s) say ',' '  "ingress": { "className": "public" }' ;;
  esac
}

configuration() {
  local image
  image="\"registry\": $(json_text "$registry")"
  if [ -n "$stage" ]; then image="$image, \"tag\": $(json_text "$stage"), \"pullPolicy\": \"Always\""; fi
  say '{' \
    "  \"global\": { \"image\": { $image }, \"redis\": { \"password\": $(json_text "$redis_password") }$(flavor_globals) }," \
    "  \"rabbitmq\": { \"auth\": { \"password\": $(json_text "$rabbitmq_password"), \"erlangCookie\": $(json_text "$rabbitmq_erlang_cookie") } }," \
    "  \"api\": { \"admin\": { \"password\": $(json_text "$api_password") }, \"api_root\": $(json_text "$api_root") }$(flavor_values)" \
    '}'
}

# Their load balancers want NodePorts; EKS has a storage class, but no default one.
flavor_globals() {
  case $flavor in
    eks) printf ', "serviceType": "NodePort", "storageClass": "gp2"' ;;
    gke) printf ', "serviceType": "NodePort"' ;;
  esac
}

# An existing file may have been edited, and holds the passwords of the first run: it stays as it is.
write_configuration() {
  if [ -e "$config" ]; then
    say "using the configuration in $config"
    keep_configuration
  elif $dry_run; then
    say "would write $config"
  else
    (umask 077 && configuration >"$config.$$" && mv "$config.$$" "$config") || die "cannot write $config"
    say "wrote $config: keep it safe, it holds the passwords"
  fi
}

keep_configuration() {
  local name
  for name in api_root api_password redis_password rabbitmq_password rabbitmq_erlang_cookie stage; do
    if [ -n "${!name}" ] && ! grep -qF -- "$(json_text "${!name}")" "$config"; then
      die "$config of an earlier run has another value than --${name//_/-}: change it there, or remove the file"
    fi
  done
}

### Running commands

# What is printed of a command: quoted for a shell, without passwords.
printed() {
  local word line=''
  for word in "$@"; do
    case $word in --docker-password=*) word="--docker-password=********" ;; esac
    if [[ $word =~ ^[A-Za-z0-9_./:=@%+,-]+$ ]]; then line="$line $word"; else line="$line '${word//\'/\'\\\'\'}'"; fi
  done
  printf '%s' "${line# }"
}

stop_at() {
  die "this command failed, and nothing after it was done: $(printed "$@")
Correct the cause and run install.sh again with the same options."
}

run() {
  say "+ $(printed "$@")"
  if ! $dry_run; then "$@" || stop_at "$@"; fi
}

# unless CHECK... -- COMMAND...: runs the command, unless the check says that its work is done.
unless() {
  local check=()
  while [ "$1" != -- ]; do
    check+=("$1")
    shift
  done
  shift
  if ! $dry_run && "${check[@]}" >/dev/null 2>&1; then
    say "= done already: $(printed "$@")"
  else
    run "$@"
  fi
}

check_tools() {
  local tools tool missing=''
  case $flavor in
    aks) tools='az kubectl helm' ;;
    eks) tools='aws eksctl curl kubectl helm' ;;
    gke) tools='gcloud kubectl helm' ;;
    microk8s) tools=snap ;;
  esac
  for tool in $tools; do command -v "$tool" >/dev/null || missing="$missing $tool"; done
  [ -z "$missing" ] || die "not installed here:$missing"
}

### Clusters

prepare_aks() {
  local provider
  if [ -n "$az_subscription" ]; then run az account set --subscription "$az_subscription"; fi
  for provider in Compute Storage Network ContainerService OperationsManagement OperationalInsights; do
    run az provider register -n "Microsoft.$provider"
  done
  unless az group show --name "$az_resource_group" -- \
    az group create --name "$az_resource_group" ${az_resource_location:+--location "$az_resource_location"}
  unless az aks show --resource-group "$az_resource_group" --name "$cluster" -- \
    az aks create --resource-group "$az_resource_group" --name "$cluster" --node-count "$workers" --enable-addons monitoring --enable-app-routing --generate-ssh-keys
  run az aks get-credentials --resource-group "$az_resource_group" --name "$cluster" --overwrite-existing
}

prepare_eks() {
  unless eksctl get cluster --name "$cluster" -- eksctl create cluster --name "$cluster" --nodes "$workers" --managed --alb-ingress-access
  run aws eks update-kubeconfig --name "$cluster"
  run eksctl utils associate-iam-oidc-provider --cluster "$cluster" --approve
  unless eksctl get addon --cluster "$cluster" --name aws-ebs-csi-driver -- eksctl create addon --cluster "$cluster" --name aws-ebs-csi-driver
  prepare_alb
}

prepare_alb() {
  local account policy=AWSLoadBalancerControllerIAMPolicy document=${TMPDIR:-/tmp}/universal-messaging-alb-policy.json
  account='<account>'
  if ! $dry_run; then account=$(aws sts get-caller-identity --query Account --output text) || die "aws does not know who you are: run aws configure"; fi
  run curl -sSL -o "$document" https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v2.13.4/docs/install/iam_policy.json
  unless aws iam get-policy --policy-arn "arn:aws:iam::$account:policy/$policy" -- aws iam create-policy --policy-name "$policy" --policy-document "file://$document"
  run eksctl create iamserviceaccount --name aws-load-balancer-controller --cluster "$cluster" --namespace kube-system \
    --attach-policy-arn "arn:aws:iam::$account:policy/$policy" --override-existing-serviceaccounts --approve
  run helm repo add --force-update eks https://aws.github.io/eks-charts
  run helm repo update
  run helm upgrade -i aws-load-balancer-controller eks/aws-load-balancer-controller --namespace kube-system \
    --set "clusterName=$cluster" --set serviceAccount.create=false --set serviceAccount.name=aws-load-balancer-controller
  run kubectl rollout status deployment --namespace kube-system aws-load-balancer-controller
}

prepare_gke() {
  unless gcloud container clusters describe "$cluster" -- gcloud container clusters create "$cluster" --num-nodes "$workers"
  run gcloud container clusters get-credentials "$cluster"
}

prepare_microk8s() {
  local as_root=(sudo)
  if [ "$(id -u)" -eq 0 ] && ! $dry_run; then as_root=(env); fi
  unless command -v microk8s -- "${as_root[@]}" snap install microk8s --classic
  run "${as_root[@]}" microk8s status --wait-ready
  run "${as_root[@]}" microk8s enable rbac dns registry ingress hostpath-storage helm3
  unless command -v kubectl -- "${as_root[@]}" snap alias microk8s.kubectl kubectl
  unless command -v helm -- "${as_root[@]}" snap alias microk8s.helm3 helm
  run "${as_root[@]}" iptables -P FORWARD ACCEPT
}

### Universal Messaging

# Made anew each time: the account may have been wrong the first time.
make_pull_secret() {
  local secret=(kubectl create secret docker-registry --namespace "$namespace" regcred-genesys
    "--docker-server=$registry" "--docker-username=$registry_username" "--docker-password=$registry_password" "--docker-email=$registry_email")
  local as_file=(--dry-run=client --output yaml) apply=(kubectl apply --filename -)
  say "+ $(printed "${secret[@]}" "${as_file[@]}") | $(printed "${apply[@]}")"
  if ! $dry_run; then "${secret[@]}" "${as_file[@]}" | "${apply[@]}" || stop_at "${apply[@]}"; fi
}

install_chart() {
  local command=(helm upgrade --install "$release" genesys/universal-messaging --namespace "$namespace" --values "$config" --timeout 15m)
  if [ -n "$stage" ]; then command+=(--devel); fi
  if $helm_debug; then command+=(--debug); fi
  run helm repo add --force-update genesys "$chart_repository${stage:+/$stage}"
  run helm repo update
  unless kubectl get namespace "$namespace" -- kubectl create namespace "$namespace"
  make_pull_secret
  say "+ $(printed "${command[@]}")"
  if $dry_run; then return; fi
  "${command[@]}" || die "Helm could not install the release. If the administrator's password was refused, this says why:
  kubectl logs --namespace $namespace job/$release-set-admin-password
What the pods do:
  kubectl get pods --namespace $namespace
Correct the cause and run install.sh again with the same options."
}

main() {
  parse_options "$@"
  check_options
  check_password_strength
  if ! $dry_run; then check_tools; fi
  generate_passwords
  write_configuration
  "prepare_$flavor"
  run kubectl get nodes
  install_chart
  if $dry_run; then say 'nothing was done: this was a dry run'; else
    say "Universal Messaging is installed as $release. Its pods: kubectl get pods --namespace $namespace"
  fi
}

main "$@"
