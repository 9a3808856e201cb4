{{/*
One service of the fleet. Every template here takes the same dict, made by "um.services": root, name, component, connector,
values, checksum.
*/}}
{{- define "service.fullname" -}}
{{ .root.Release.Name }}-{{ .name }}
{{- end }}

{{- define "service.image" -}}
{{- $image := .values.image -}}
{{ include "um.image" (dict
  "registry" ($image.registry | default .root.Values.global.image.registry)
  "repository" ($image.repository | default (printf "gum/%s" (.name | replace "-" "_")))
  "tag" ($image.tag | default .root.Values.global.image.tag | default .root.Chart.AppVersion)
) }}
{{- end }}

{{- define "service.pullPolicy" -}}
{{ .values.image.pullPolicy | default .root.Values.global.image.pullPolicy }}
{{- end }}

{{- define "service.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
  {{- with .values.serviceAccount.annotations }}
  annotations: {{ toJson . }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}

{{- define "service.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
  {{- with .values.service.annotations }}
  annotations: {{ toJson . }}
  {{- end }}
spec:
  type: {{ .values.service.type | default (ternary .root.Values.global.serviceType "ClusterIP" (ne .values.path "")) }}
  selector:
    {{- include "um.selector" . | nindent 4 }}
  ports:
    - { name: http, port: 80, targetPort: http, protocol: TCP }
{{- end }}

{{- define "service.podDisruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "service.fullname" . }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .values.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "um.selector" . | nindent 6 }}
{{- end }}
