{{- define "um.fleetSecretName" -}}
{{ .Values.global.secrets.existingSecret | default (printf "%s-fleet" .Release.Name) }}
{{- end }}

{{- define "um.redisSecretName" -}}
{{ .Values.global.redis.existingSecret | default (printf "%s-redis" .Release.Name) }}
{{- end }}

{{- define "um.rabbitmqSecretName" -}}
{{ .Values.global.rabbitmq.existingSecret | default (printf "%s-rabbitmq" .Release.Name) }}
{{- end }}

{{/*
Settles every secret value once per rendering and writes it into the values: a generated one must be the same wherever it
appears.
*/}}
{{- define "um.settleSecrets" -}}
{{- $secrets := .Values.global.secrets -}}
{{- $redis := .Values.global.redis -}}
{{- if not $secrets.existingSecret -}}
{{- $name := include "um.fleetSecretName" . -}}
{{- $_ := set $secrets "secretKey" (include "um.secretValue" (dict "root" . "given" $secrets.secretKey "secret" $name "key" "secret-key")) -}}
{{- $_ := set $secrets "internalToken" (include "um.secretValue" (dict "root" . "given" $secrets.internalToken "secret" $name "key" "internal-token")) -}}
{{- end -}}
{{- if not $redis.existingSecret -}}
{{- $_ := set $redis "password" (include "um.secretValue" (dict "root" . "given" $redis.password "secret" (include "um.redisSecretName" .) "key" "redis-password")) -}}
{{- end -}}
{{- end }}

{{- define "um.redisPassword" -}}
{{- include "um.settleSecrets" . -}}
{{ .Values.global.redis.password }}
{{- end }}

{{/*
Changes when something changes that pods read only at their start. The generated key in it is the salt: who may read pods but
not secrets cannot try passwords against it. Takes a dict: root, parts (a list of texts).
*/}}
{{- define "um.checksum" -}}
{{- include "um.settleSecrets" .root -}}
{{ prepend .parts .root.Values.global.secrets.secretKey | toJson | sha256sum }}
{{- end }}

{{/* The checksum of what a service reads at its start. */}}
{{- define "um.serviceChecksum" -}}
{{- $root := .root -}}
{{- $parts := list (include "um.environment" $root) (include "um.redisPassword" $root) $root.Values.global.secrets.internalToken (dig "auth" "password" "" $root.Values.rabbitmq) -}}
{{- if eq (include "um.usesApple" .) "true" }}{{ $parts = concat $parts (list $root.Values.config.ambMSPId $root.Values.config.ambMSPSecret) }}{{ end -}}
{{ include "um.checksum" (dict "root" $root "parts" $parts) }}
{{- end }}
