{{/* What every service is told; what differs between them, and the secrets, are in the "service" chart. */}}
{{- define "um.environment" -}}
{{- $rabbitmq := .Values.global.rabbitmq -}}
DEPLOYMENT: {{ .Release.Name | quote }}
HOST: "0.0.0.0"
PORT: "3000"
HEALTH_PORT: "32000"
{{- with .Values.api.api_root }}
PUBLIC_URL: {{ . | quote }}
{{- end }}
SERVICE_URL_TEMPLATE: "http://{{ .Release.Name }}-{service}"
{{- if not $rabbitmq.urlSecret.name }}
RABBITMQ_HOST: {{ $rabbitmq.host | default (printf "%s-rabbitmq" .Release.Name) | quote }}
RABBITMQ_PORT: {{ $rabbitmq.port | toString | quote }}
RABBITMQ_VHOST: {{ $rabbitmq.vhost | quote }}
RABBITMQ_USER: {{ $rabbitmq.user | quote }}
{{- end }}
{{- $privateHosts := .Values.global.allowedPrivateHosts }}
{{- if .Values.lab.enabled }}{{ $privateHosts = append $privateHosts (printf "%s-lab-platforms" .Release.Name) }}{{ end }}
{{- with $privateHosts }}
ALLOWED_PRIVATE_HOSTS: {{ tpl (join "," .) $ | quote }}
{{- end }}
{{- end }}
