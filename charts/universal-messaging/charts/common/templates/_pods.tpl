{{/* Image pull secrets, from global.imagePullSecrets. Takes the root. */}}
{{- define "um.pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where pods may run: what the block says, else what global says. Takes a dict: root, values. */}}
{{- define "um.placement" -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
{{- with (index $.values $key | default (index $.root.Values.global $key)) }}
{{ $key }}: {{ toJson . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Spreads the replicas of one workload over zones and nodes, as far as there are any. Takes a dict: root, name. */}}
{{- define "um.spread" -}}
topologySpreadConstraints:
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "um.selector" $ | nindent 8 }}
{{- end }}
{{- end }}

{{/* Prefixes an image with its registry; the registry "none" stands for no prefix. Takes a dict: registry, repository, tag. */}}
{{- define "um.image" -}}
{{- if and .registry (ne .registry "none") }}{{ .registry }}/{{ end }}{{ .repository }}:{{ .tag }}
{{- end }}

{{/*
A secret value: the one given, else the one the cluster has already, else a new one. Takes a dict: root, given, secret (its
name), key. An upgrade thus keeps what the first install generated.
*/}}
{{- define "um.secretValue" -}}
{{- $existing := (lookup "v1" "Secret" .root.Release.Namespace .secret) | default dict }}
{{- $kept := index ($existing.data | default dict) .key | default "" | b64dec }}
{{- .given | default $kept | default (randAlphaNum 32) }}
{{- end }}

{{/* A network policy rule that lets pods ask for names. */}}
{{- define "um.dnsEgress" -}}
- ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{/* A volume made by hand, for clusters that cannot provision one. Takes a dict: root, name, persistence. */}}
{{- define "um.persistentVolume" -}}
{{- $persistence := .persistence }}
apiVersion: v1
kind: PersistentVolume
metadata:
  name: {{ printf "%s-%s-%s" .root.Release.Namespace .root.Release.Name .name | trunc 63 | trimSuffix "-" }}
  labels:
    {{- include "um.labels" . | nindent 4 }}
    {{- range $key, $value := dig "matchLabels" dict $persistence.selector }}
    {{ $key }}: {{ $value | quote }}
    {{- end }}
spec:
  capacity:
    storage: {{ $persistence.size }}
  volumeMode: Filesystem
  accessModes: {{ toJson $persistence.accessModes }}
  persistentVolumeReclaimPolicy: Retain
  {{- with $persistence.storageClass | default .root.Values.global.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  csi:
    driver: {{ required "persistence.volume.create needs global.storageDriver, the name of the CSI driver (e.g. efs.csi.aws.com)" .root.Values.global.storageDriver }}
    volumeHandle: {{ required "persistence.volume.create needs global.storageHandle, the id of the file system (e.g. fs-0123456789abcdef0)" ($persistence.volume.handle | default .root.Values.global.storageHandle) }}
{{- end }}

{{/* The claim of a StatefulSet. Takes a dict: root, persistence. */}}
{{- define "um.volumeClaim" -}}
metadata:
  name: data
spec:
  accessModes: {{ toJson .persistence.accessModes }}
  {{- with .persistence.storageClass | default .root.Values.global.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  {{- with .persistence.selector }}
  selector: {{ toJson . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .persistence.size }}
{{- end }}
