{{- define "mcp.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "mcp.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "mcp.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "mcp.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Takes (list root component). */}}
{{- define "mcp.selector" -}}
app.kubernetes.io/name: {{ include "mcp.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "mcp.labels" -}}
{{ include "mcp.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end -}}

{{- define "mcp.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "mcp.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "mcp.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "mcp.host" -}}
{{- if and .Values.ingress.enabled .Values.ingress.hosts -}}
{{- index .Values.ingress.hosts 0 -}}
{{- else if and .Values.httpRoute.enabled .Values.httpRoute.hostnames -}}
{{- index .Values.httpRoute.hostnames 0 -}}
{{- end -}}
{{- end -}}

{{- define "mcp.publicUrl" -}}
{{- if .Values.publicUrl -}}
{{- .Values.publicUrl -}}
{{- else -}}
{{- printf "https://%s" (include "mcp.host" .) -}}
{{- end -}}
{{- end -}}

{{/* The service that the world's way in leads to. */}}
{{- define "mcp.frontService" -}}
{{- if .Values.varnish.enabled -}}
{{- printf "%s-varnish" (include "mcp.fullname" .) -}}
{{- else -}}
{{- include "mcp.fullname" . -}}
{{- end -}}
{{- end -}}

{{- define "mcp.secretName" -}}
{{- default (include "mcp.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{/* A setting as its variable wants it: lists and maps by commas, objects as JSON. */}}
{{- define "mcp.setting" -}}
{{- if kindIs "map" . -}}
{{- $pairs := list -}}
{{- range $host, $place := . -}}{{- $pairs = append $pairs (printf "%s=%s" $host $place) -}}{{- end -}}
{{- join "," $pairs -}}
{{- else if kindIs "slice" . -}}
{{- if and . (kindIs "map" (first .)) -}}{{- toJson . -}}{{- else -}}{{- join "," . -}}{{- end -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{/* Kept from the release before: takes (list root secret key fallback), gives it in base64. */}}
{{- define "mcp.kept" -}}
{{- $root := index . 0 -}}
{{- $there := lookup "v1" "Secret" $root.Release.Namespace (index . 1) -}}
{{- $kept := get (default dict $there.data) (index . 2) -}}
{{- if $kept -}}{{- $kept -}}{{- else -}}{{- index . 3 | b64enc -}}{{- end -}}
{{- end -}}

{{- define "mcp.postgresSecret" -}}
{{- default (printf "%s-postgresql" (include "mcp.fullname" .)) .Values.database.inChart.existingSecret -}}
{{- end -}}

{{- define "mcp.postgresPort" -}}
{{- if eq .Values.database.mode "external" -}}{{- .Values.database.external.port -}}{{- else -}}5432{{- end -}}
{{- end -}}

{{/* The environment that finds the database. */}}
{{- define "mcp.databaseEnv" -}}
{{- if eq .Values.database.mode "inChart" -}}
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "mcp.postgresSecret" . }}, key: password }
- name: MCP_REGISTRY_DATABASE_URL
  value: postgresql://registry:$(DATABASE_PASSWORD)@{{ include "mcp.fullname" . }}-postgresql:5432/registry
{{- else if eq .Values.database.mode "cloudNativePg" -}}
- name: MCP_REGISTRY_DATABASE_URL
  valueFrom:
    secretKeyRef: { name: {{ include "mcp.fullname" . }}-db-app, key: uri }
{{- else if .Values.database.external.existingSecret -}}
- name: MCP_REGISTRY_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.external.existingSecret }}
      key: {{ .Values.database.external.existingSecretKey }}
{{- else -}}
- name: MCP_REGISTRY_DATABASE_URL
  valueFrom:
    secretKeyRef: { name: {{ include "mcp.fullname" . }}-database, key: uri }
{{- end -}}
{{- end -}}

{{/* The environment that has traces made, under OpenTelemetry's own names. */}}
{{- define "mcp.tracingEnv" -}}
{{- with .Values.tracing -}}
{{- if .endpoint -}}
- name: POD_NAME
  valueFrom:
    fieldRef: { fieldPath: metadata.name }
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ quote .endpoint }} }
- { name: OTEL_SERVICE_NAME, value: {{ include "mcp.fullname" $ }} }
{{- $attributes := list (printf "k8s.namespace.name=%s" $.Release.Namespace) "k8s.pod.name=$(POD_NAME)" (printf "k8s.deployment.name=%s" (include "mcp.fullname" $)) -}}
{{- range $name, $value := .resourceAttributes -}}
{{- $attributes = append $attributes (printf "%s=%s" $name (urlquery $value | replace "+" "%20")) -}}
{{- end }}
- { name: OTEL_RESOURCE_ATTRIBUTES, value: {{ join "," $attributes | quote }} }
- { name: OTEL_TRACES_SAMPLER, value: parentbased_traceidratio }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ quote .ratio }} }
{{- if .existingSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom:
    secretKeyRef: { name: {{ .existingSecret }}, key: {{ .existingSecretKey }} }
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The environment that finds the standbys which are read from. */}}
{{- define "mcp.replicaEnv" -}}
{{- $db := .Values.database -}}
{{- if eq $db.mode "cloudNativePg" -}}
{{- if and $db.cloudNativePg.readReplicas (gt (int $db.cloudNativePg.instances) 1) -}}
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ include "mcp.fullname" . }}-db-app, key: password }
- name: MCP_REGISTRY_DATABASE_REPLICA_URLS
  value: postgresql://registry:$(DATABASE_PASSWORD)@{{ include "mcp.fullname" . }}-db-ro:5432/registry
{{- end -}}
{{- else if eq $db.mode "external" -}}
{{- if $db.external.existingSecretReplicasKey -}}
- name: MCP_REGISTRY_DATABASE_REPLICA_URLS
  valueFrom:
    secretKeyRef:
      name: {{ $db.external.existingSecret }}
      key: {{ $db.external.existingSecretReplicasKey }}
{{- else if $db.external.replicaUrls -}}
- name: MCP_REGISTRY_DATABASE_REPLICA_URLS
  valueFrom:
    secretKeyRef: { name: {{ include "mcp.fullname" . }}-database, key: replicas }
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What every container of ours may do: nothing. */}}
{{- define "mcp.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Takes the user id. */}}
{{- define "mcp.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* Where pods run: takes (list root component). */}}
{{- define "mcp.placement" -}}
{{- $root := index . 0 -}}
serviceAccountName: {{ include "mcp.serviceAccountName" $root }}
automountServiceAccountToken: false
# A service called mcp-registry would put MCP_REGISTRY_PORT=tcp://… into the environment.
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $root.Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "mcp.selector" (list $root (index $ 1)) | nindent 8 }}
  {{- end }}
{{- end -}}
