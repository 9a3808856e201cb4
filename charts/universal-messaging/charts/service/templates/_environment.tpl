{{/* What a container gets beside the shared ConfigMap. */}}
{{- define "service.environment" -}}
- name: POD_NAME
  valueFrom:
    fieldRef: { fieldPath: metadata.name }
- name: LOG_LEVEL
  value: {{ .values.logging.level | default .root.Values.global.logging.level | quote }}
- name: LOG_FLUSH_FREQUENCY
  value: {{ .values.logging.flushFrequency | default .root.Values.global.logging.flushFrequency | quote }}
{{ include (ternary "lab.environment" "service.ownEnvironment" (eq .component "lab")) . }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* A service's secrets, its RabbitMQ and its Redis. */}}
{{- define "service.ownEnvironment" -}}
{{- range $index, $pair := list "SECRET_KEY:secret-key" "INTERNAL_TOKEN:internal-token" }}
{{- if $index }}
{{ end -}}
- name: {{ splitList ":" $pair | first }}
  valueFrom:
    secretKeyRef: { name: {{ include "um.fleetSecretName" $.root }}, key: {{ splitList ":" $pair | last }} }
{{- end }}
{{- if ne .component "config" }}
{{ include "service.rabbitmqEnvironment" . }}
{{- end }}
{{- if eq (include "redis.wanted" .) "true" }}
{{ include "service.redisEnvironment" . }}
{{- end }}
{{- if eq (include "um.usesApple" .) "true" }}
{{- range list "AMB_MSP_ID:ambMSPId" "AMB_MSP_SECRET:ambMSPSecret" }}
- name: {{ splitList ":" . | first }}
  valueFrom:
    secretKeyRef: { name: {{ $.root.Release.Name }}-config, key: {{ splitList ":" . | last }} }
{{- end }}
{{- end }}
{{- end }}

{{- define "service.rabbitmqEnvironment" -}}
{{- $rabbitmq := .root.Values.global.rabbitmq -}}
{{- if $rabbitmq.urlSecret.name -}}
- name: RABBITMQ_URL
  valueFrom:
    secretKeyRef: { name: {{ $rabbitmq.urlSecret.name }}, key: {{ $rabbitmq.urlSecret.key }} }
{{- else -}}
- name: RABBITMQ_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "um.rabbitmqSecretName" .root }}, key: rabbitmq-password }
{{- end }}
{{- end }}

{{- define "service.redisEnvironment" -}}
{{- $external := .values.redis.external -}}
{{- $shared := include "redis.sharedUrlSecret" . -}}
{{- if or $external.urlSecret.name $shared -}}
- name: REDIS_URL
  valueFrom:
    secretKeyRef: { name: {{ $external.urlSecret.name | default $shared }}, key: {{ ternary $external.urlSecret.key .name (ne $external.urlSecret.name "") }} }
{{- else -}}
- name: REDIS_HOST
  value: {{ $external.host | default (include "redis.fullname" .) }}
- name: REDIS_PORT
  value: {{ $external.port | quote }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "redis.clientSecretName" . }}, key: redis-password }
{{- end }}
{{- end }}
