{{/*
The Lab is no service of the fleet, but the world around it: a page on the port that services have, and a simulator per platform on
the ports behind it. All of them are reached under one name, that of a service without an address of its own.
*/}}
{{- define "lab.platformsName" -}}
{{ include "service.fullname" . }}-platforms
{{- end }}

{{- define "lab.platformsService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "lab.platformsName" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
spec:
  clusterIP: None
  # The simulators answer before the page does, and refuse connections when they are told to be down.
  publishNotReadyAddresses: true
  selector:
    {{- include "um.selector" . | nindent 4 }}
{{- end }}

{{/*
It plays the administrator to put demo tenants into the fleet. The password is there only if the values have it; without it, and
when the administrator has changed it since, the Lab stays without tenants and says so.
*/}}
{{- define "lab.environment" -}}
{{- $admin := .root.Values.api.admin -}}
- { name: LAB_PORT, value: "3000" }
- { name: SIM_PORTS_BASE, value: "3001" }
- { name: SIM_PUBLIC_HOST, value: {{ include "lab.platformsName" . }} }
- { name: GATEWAY_URL, value: {{ .root.Values.api.api_root | default (printf "http://%s-api" .root.Release.Name) | quote }} }
- { name: ADMIN_USER, value: {{ $admin.user | quote }} }
- name: ADMIN_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $admin.existingSecret | default (include "service.fullname" .) }}
      key: {{ $admin.existingSecretKey }}
      optional: true
{{ include "service.rabbitmqEnvironment" . }}
{{- if not .root.Values.global.rabbitmq.urlSecret.name }}
- { name: RABBITMQ_URL, value: "amqp://$(RABBITMQ_USER):$(RABBITMQ_PASSWORD)@$(RABBITMQ_HOST):$(RABBITMQ_PORT)/{{ .root.Values.global.rabbitmq.vhost | urlquery }}" }
{{- end }}
{{- end }}

{{- define "lab.secret" -}}
{{- $admin := .root.Values.api.admin -}}
{{- $existing := (lookup "v1" "Secret" .root.Release.Namespace (include "service.fullname" .)) | default dict -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
type: Opaque
data:
  {{ $admin.existingSecretKey }}: {{ $admin.password | b64enc | default (dig "data" $admin.existingSecretKey "" $existing) | quote }}
{{- end }}
