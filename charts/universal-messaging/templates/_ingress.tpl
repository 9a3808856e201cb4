{{- define "um.ingressPaths" -}}
{{- range $name := splitList "," (include "um.services" .) }}
{{- with index $.Values $name "path" }}
- path: {{ . }}
  pathType: Prefix
  backend:
    service:
      name: {{ $.Release.Name }}-{{ $name }}
      port: { number: 80 }
{{- end }}
{{- end }}
{{- end }}
