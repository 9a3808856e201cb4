{{/*
Labels of an object and of its pods. Takes a dict: root, name, component, and optionally connector.
"um.selector" is the part that never changes, since selectors cannot be edited once they are created.
*/}}
{{- define "um.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "um.podLabels" -}}
{{ include "um.selector" . }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/part-of: universal-messaging
{{- with .connector }}
connector: {{ . }}
{{- end }}
{{- end }}

{{- define "um.labels" -}}
{{ include "um.podLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}
