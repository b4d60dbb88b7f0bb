#!/usr/bin/env python3
"""Writes the dashboards of this folder. Panels are described once, here; Grafana wants two hundred lines for each.

    dashboards/grafana/make.py          writes *.json
    dashboards/grafana/make.py --check  fails when a file is not what would be written
"""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent
DS = {"type": "prometheus", "uid": "${DS}"}
STATES = {
    "operational": ("Works", "green"), "degraded_performance": ("Slow", "yellow"), "partial_outage": ("Partly fails", "orange"),
    "major_outage": ("Down", "red"), "under_maintenance": ("Maintenance", "blue"), "unknown": ("Unknown", "text"),
}
# One number per component, from the 0/1 series of its states.
STATE_NUMBER = " + ".join(
    f'{i} * sum by (platform, function) (outaged_component_state{{state="{s}"{{more}}}})' for i, s in enumerate(STATES) if i)


def target(expr, legend="", instant=False):
    return {"datasource": DS, "expr": expr, "legendFormat": legend or "__auto", "refId": "A", "instant": instant, "range": not instant}


def panel(kind, title, targets, width, height, unit="short", mappings=None, **options):
    for i, one in enumerate(targets):
        one["refId"] = chr(ord("A") + i)
    return {"type": kind, "title": title, "datasource": DS, "targets": targets, "gridPos": {"w": width, "h": height, "x": 0, "y": 0},
            "fieldConfig": {"defaults": {"unit": unit, "mappings": mappings or [], **options.pop("defaults", {})}, "overrides": []}, "options": options}


def state_mappings():
    return [{"type": "value", "options": {str(i): {"text": word, "color": color, "index": i} for i, (word, color) in enumerate(STATES.values())}}]


def layout(panels):
    x = y = row = 0
    for i, one in enumerate(panels):
        pos = one["gridPos"]
        if x + pos["w"] > 24:
            x, y, row = 0, y + row, 0
        pos["x"], pos["y"] = x, y
        x, row = x + pos["w"], max(row, pos["h"])
        one["id"] = i + 1
    return panels


def variable(name, label, query):
    return {"name": name, "label": label, "type": "query", "datasource": DS, "query": {"query": query, "refId": name}, "definition": query,
            "refresh": 2, "sort": 1, "multi": False, "includeAll": False, "current": {}, "options": []}


def dashboard(uid, title, panels, variables=()):
    return {"uid": uid, "title": title, "schemaVersion": 39, "version": 1, "editable": True, "graphTooltip": 1, "tags": ["outaged"],
            "time": {"from": "now-6h", "to": "now"}, "refresh": "30s", "timezone": "browser", "annotations": {"list": []},
            "links": [{"type": "dashboards", "tags": ["outaged"], "title": "outaged", "asDropdown": True, "includeVars": False, "keepTime": True, "targetBlank": False, "icon": "external link", "tooltip": "", "url": ""}],
            "templating": {"list": [{"name": "DS", "label": "Data source", "type": "datasource", "query": "prometheus", "current": {}, "refresh": 1, "hide": 0, "options": []}, *variables]},
            "panels": layout(panels)}


def overview():
    return dashboard("outaged-overview", "Outages: overview", [
        panel("stat", "Open incidents", [target("sum(outaged_incidents_open)", instant=True)], 6, 4, defaults={"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 1}]}}),
        panel("stat", "Our own network", [target("min(outaged_site_online)", instant=True)], 6, 4, mappings=[{"type": "value", "options": {"1": {"text": "Fine", "color": "green"}, "0": {"text": "Down", "color": "red"}}}]),
        panel("stat", "Components that fail", [target('sum(outaged_component_state{state=~"partial_outage|major_outage"})', instant=True)], 6, 4, defaults={"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 1}]}}),
        panel("stat", "Probes that cannot ask", [target("count(outaged_probe_problem == 1) or vector(0)", instant=True)], 6, 4),
        panel("state-timeline", "State of every component", [target(STATE_NUMBER.replace("{more}", ""), "{{platform}} {{function}}")], 24, 10, mappings=state_mappings()),
        panel("timeseries", "Attempts that fail", [target("outaged_component_failure_ratio", "{{platform}} {{function}}")], 12, 8, unit="percentunit", defaults={"min": 0, "max": 1}),
        panel("timeseries", "Latency, 95 % within", [target('outaged_component_latency_seconds{percentile="95"}', "{{platform}} {{function}}")], 12, 8, unit="s"),
        panel("timeseries", "Open incidents by severity", [target("sum by (severity) (outaged_incidents_open)", "{{severity}}")], 24, 6),
    ])


def platform():
    more = ',platform="$platform"'
    return dashboard("outaged-platform", "Outages: one platform", [
        panel("state-timeline", "State", [target(STATE_NUMBER.replace("{more}", more), "{{function}}")], 24, 7, mappings=state_mappings()),
        panel("timeseries", "Attempts that fail", [target('outaged_component_failure_ratio{platform="$platform"}', "{{function}}")], 12, 8, unit="percentunit", defaults={"min": 0, "max": 1}),
        panel("timeseries", "Latency, half within", [target('outaged_component_latency_seconds{platform="$platform",percentile="50"}', "{{function}}")], 12, 8, unit="s"),
        panel("timeseries", "Duration of the last run", [target('probe_duration_seconds{platform="$platform"}', "{{probe}}")], 12, 8, unit="s"),
        panel("timeseries", "Probes that succeed", [target('avg by (function) (probe_success{platform="$platform"})', "{{function}}")], 12, 8, unit="percentunit", defaults={"min": 0, "max": 1}),
    ], [variable("platform", "Platform", "label_values(outaged_component_state, platform)")])


def probe():
    return dashboard("outaged-probe", "Outages: one probe", [
        panel("timeseries", "Success", [target('probe_success{probe="$probe"}', "{{probe}}")], 12, 6, defaults={"min": 0, "max": 1}),
        panel("state-timeline", "Class of the result", [target('outaged_probe_result_class{probe="$probe"} == 1', "{{class}}")], 12, 6),
        panel("timeseries", "Time of each phase", [target('probe_http_duration_seconds{probe="$probe"}', "{{phase}}")], 12, 8, unit="s", defaults={"custom": {"stacking": {"mode": "normal", "group": "A"}, "fillOpacity": 30}}),
        panel("timeseries", "Duration", [target('probe_duration_seconds{probe="$probe"}', "{{probe}}")], 12, 8, unit="s"),
        panel("timeseries", "HTTP status", [target('probe_http_status_code{probe="$probe"}', "{{probe}}")], 12, 6),
        panel("stat", "Certificate ends in", [target('probe_ssl_earliest_cert_expiry{probe="$probe"} - time()', instant=True)], 12, 6, unit="s"),
    ], [variable("probe", "Probe", "label_values(probe_http_duration_seconds, probe)")])


def itself():
    return dashboard("outaged-itself", "Outages: outaged itself", [
        panel("stat", "Version", [target("outaged_build_info", "{{version}}", True)], 6, 4, textMode="name"),
        panel("stat", "Running for", [target("time() - outaged_start_timestamp_seconds", instant=True)], 6, 4, unit="s"),
        panel("stat", "Newest result", [target("time() - outaged_last_result_timestamp_seconds", instant=True)], 6, 4, unit="s"),
        panel("stat", "Oldest message waiting", [target("outaged_outbox_oldest_seconds", instant=True)], 6, 4, unit="s"),
        panel("timeseries", "Probes by state", [target("outaged_probes", "{{state}}")], 12, 7),
        panel("timeseries", "Start lag of the probes", [target("max(outaged_probe_start_lag_seconds)", "latest"), target("avg(outaged_probe_start_lag_seconds)", "mean")], 12, 7, unit="s"),
        panel("timeseries", "Control probes", [target("outaged_site_controls", "{{outcome}}")], 12, 7),
        panel("timeseries", "Messages waiting", [target("sum(outaged_outbox_pending) or vector(0)", "waiting")], 12, 7),
        panel("timeseries", "Runs that were missed, late or given up", [target("increase(outaged_scheduler_missed_beats_total[5m])", "missed"), target("increase(outaged_scheduler_late_runs_total[5m])", "late"), target("increase(outaged_scheduler_given_up_runs_total[5m])", "given up")], 12, 7),
    ])


def main():
    wanted = {f"{d['uid'].removeprefix('outaged-')}.json": d for d in (overview(), platform(), probe(), itself())}
    for name, content in wanted.items():
        text = json.dumps(content, indent=1) + "\n"
        path = FOLDER / name
        if "--check" in sys.argv:
            if path.read_text() != text:
                sys.exit(f"{path} is not what {__file__} writes: run it")
        else:
            path.write_text(text)


main()
