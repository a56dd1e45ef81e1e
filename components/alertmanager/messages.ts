/** Name of the file of templates, beside the configuration. */
export const templatesFile = "messages.tmpl";

/** How many things one message lists before it counts the others. */
const listed = 10;

/** Labels that the reader knows already, or that are for Alertmanager. */
const knownLabels = ["alertname", "environment", "severity", "subject", "paging"];

/**
 * The texts, in Go's template language: a title that can stand alone on a telephone, and for each thing what is wrong, since
 * when, where, and where to read on. A runbook or dashboard that is a path in the repository is text, one with an address
 * a link.
 */
export const messageTemplates = `{{ define "whisper.what" -}}
{{ $told := .Alerts }}{{ if eq .Status "firing" }}{{ $told = .Alerts.Firing }}{{ end -}}
{{ if eq (len $told) 1 }}{{ (index $told 0).Annotations.summary }}
{{- else }}{{ .GroupLabels.alertname }} of {{ len $told }} things ({{ .GroupLabels.subject }}){{ end }}
{{- end }}

{{ define "whisper.title" -}}
[{{ if eq .Status "firing" }}{{ or .CommonLabels.severity "alert" | toUpper }}{{ else }}SOLVED{{ end }}] {{ .GroupLabels.environment }}: {{ template "whisper.what" . }}
{{- end }}

{{ define "whisper.alert" -}}
{{ .Annotations.summary }}
{{ .Annotations.description }}
Since: {{ .StartsAt.UTC.Format "2006-01-02 15:04" }} UTC
{{- with .Labels.Remove (stringSlice ${knownLabels.map((label) => `"${label}"`).join(" ")}) }}
Where: {{ range $index, $pair := .SortedPairs }}{{ if $index }}, {{ end }}{{ $pair.Name }}={{ $pair.Value }}{{ end }}
{{- end }}
{{- with .Annotations.runbook_url }}
Runbook: {{ . }}
{{- end }}
{{- with .Annotations.dashboard_url }}
Dashboard: {{ . }}
{{- end }}

{{ end }}

{{ define "whisper.text" -}}
{{ $firing := .Alerts.Firing }}{{ range $index, $alert := $firing }}{{ if lt $index ${listed} }}{{ template "whisper.alert" $alert }}{{ end }}{{ end -}}
{{ if gt (len $firing) ${listed} }}The first ${listed} of {{ len $firing }}.

{{ end -}}
{{ range $index, $alert := .Alerts.Resolved }}{{ if lt $index ${listed} }}Solved at {{ $alert.EndsAt.UTC.Format "2006-01-02 15:04" }} UTC: {{ $alert.Annotations.summary }}
{{ end }}{{ end -}}
{{ end }}

{{ define "whisper.runbook" }}{{ with .CommonAnnotations.runbook_url }}{{ if match "^https?://" . }}{{ . }}{{ end }}{{ end }}{{ end }}

{{ define "whisper.dashboard" }}{{ with .CommonAnnotations.dashboard_url }}{{ if match "^https?://" . }}{{ . }}{{ end }}{{ end }}{{ end }}

{{ define "whisper.color" }}{{ if ne .Status "firing" }}good{{ else if eq .CommonLabels.severity "critical" }}danger{{ else if eq .CommonLabels.severity "info" }}#439fe0{{ else }}warning{{ end }}{{ end }}
`;
