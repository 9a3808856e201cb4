{{/*
Which kind of pod calls which kind over HTTP: the one list behind both sides of every network policy. A kind is the value of
the label app.kubernetes.io/component. The ingress controller and Prometheus are no pods of the release: see the ingress rules.
Connectors and CX connectors stream attachments through the providers; the config site asks the api; the lab stands for the
platforms, so that it calls and is called as they are; "helm test" looks at everything.
*/}}
{{- define "service.flows" -}}
config: [api]
connector: [provider, lab]
cx: [provider, lab]
provider: [lab]
commander: [lab]
api: [lab]
lab: [api, config, connector, cx]
test: [api, config, commander, connector, cx, provider, lab]
{{- end }}

{{/* The kinds that call a service of this kind, as a comma list. */}}
{{- define "service.callers" -}}
{{- $component := .component -}}
{{- $callers := list -}}
{{- range $caller, $called := include "service.flows" . | fromYaml -}}
{{- if has $component $called }}{{ $callers = append $callers $caller }}{{ end -}}
{{- end -}}
{{ join "," $callers }}
{{- end }}

{{/* The kinds that a service of this kind calls, as a comma list. */}}
{{- define "service.called" -}}
{{ index (include "service.flows" . | fromYaml) .component | default list | join "," }}
{{- end }}

{{/* A rule's peers: pods of this release of the given kinds. Takes a dict: root, components (a comma list). */}}
{{- define "service.peers" -}}
- podSelector:
    matchLabels: { app.kubernetes.io/instance: {{ .root.Release.Name }} }
    matchExpressions:
      - { key: app.kubernetes.io/component, operator: In, values: {{ splitList "," .components | toJson }} }
{{- end }}
