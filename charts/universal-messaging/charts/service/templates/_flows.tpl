{{/*
Which kind of pod calls which kind over HTTP: the one list behind both sides of every network policy. A kind is the value of
the label app.kubernetes.io/component. The ingress controller and Prometheus are no pods of the release: see the ingress rules.
Connectors and CX connectors stream attachments through the providers, and the api asks them to try a storage's settings; the
config site asks connectors for the tags that the host's home page has to carry (its page asks the api from the browser); the lab stands
for the platforms: it is called as they are, calls the public paths as they do, and the api to set itself up; "helm test" looks at
everything. A test finds the calls in the services' code and compares.
*/}}
{{- define "service.flows" -}}
connector: [provider, lab]
cx: [provider, lab]
provider: [lab]
commander: [lab]
api: [provider, lab]
config: [connector, cx]
lab: [api]
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

{{/*
The ports of the pods that a service calls. The lab's simulators have a port each, and their number grows with the platforms:
whoever may call the lab may call any of them.
*/}}
{{- define "service.callEgress" -}}
{{- $called := include "service.called" . | splitList "," -}}
{{- with without $called "lab" "" }}
- ports: [{ port: 3000, protocol: TCP }]
  to:
    {{- include "service.peers" (dict "root" $.root "components" (join "," .)) | nindent 4 }}
{{- end }}
{{- if and (has "lab" $called) .root.Values.lab.enabled }}
- to:
    {{- include "service.peers" (dict "root" $.root "components" "lab") | nindent 4 }}
{{- end }}
{{- end }}

{{/* A rule's peers: pods of this release of the given kinds. Takes a dict: root, components (a comma list). */}}
{{- define "service.peers" -}}
- podSelector:
    matchLabels: { app.kubernetes.io/instance: {{ .root.Release.Name }} }
    matchExpressions:
      - { key: app.kubernetes.io/component, operator: In, values: {{ splitList "," .components | toJson }} }
{{- end }}
