{{/*
The enabled services, as a comma list in the order of the ingress paths: api first, then by name, the CX connectors after the
messaging connectors, the config site (which owns "/") last. A service is whatever block of values has a "kind".
*/}}
{{- define "um.services" -}}
{{- include "um.acceptMisspelt" . -}}
{{- $names := list -}}
{{- range $kind := list "api" "connector" "cx" "commander" "provider" "lab" "config" -}}
{{- range $name, $block := $.Values -}}
{{- if and (kindIs "map" $block) (hasKey $block "kind") -}}
{{- if and (eq $block.kind $kind) $block.enabled }}{{ $names = append $names $name }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{ join "," $names }}
{{- end }}

{{/* The installation guide once spelt this key with two s; what is under it counts as if spelt right. */}}
{{- define "um.acceptMisspelt" -}}
{{- with index .Values "plussmessage-connector" -}}
{{- $_ := mergeOverwrite (index $.Values "plusmessage-connector") . -}}
{{- end -}}
{{- end }}

{{/* Value of the label "connector", by which operators select pods (kubectl logs -l connector=line). Takes a dict: root, name. */}}
{{- define "um.connectorId" -}}
{{- $block := index .root.Values .name -}}
{{- if has $block.kind (list "connector" "cx") }}{{ $block.connector | default (trimSuffix "-connector" .name) }}{{ end -}}
{{- end }}

{{/* Apple registers one Messaging Service Provider per installation: its credentials are not part of a tenant. */}}
{{- define "um.usesApple" -}}
{{- and .root.Values.config.ambMSPId (has .name (list "config" "amb-connector")) | not | not -}}
{{- end }}
