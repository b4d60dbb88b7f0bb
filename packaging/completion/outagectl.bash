# Completion of outagectl for bash.
_outagectl_components() {
  outagectl status --json 2>/dev/null | grep -o '"id": *"[a-z0-9-]*/[a-z0-9-]*"' | cut -d'"' -f4
}
_outagectl() {
  local current=${COMP_WORDS[COMP_CWORD]} words=()
  local -i i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -* ]] || words+=("${COMP_WORDS[i]}")
  done
  local choices
  case "${words[*]:0:1}" in
    "") choices="status incidents incident probes probe user-report silence maintenance notify replay config --config --socket --db --version --help" ;;
    status) choices="--watch --json $(_outagectl_components)" ;;
    incidents) choices="--open --since --json" ;;
    incident) choices="show report ack note hypothesis vendor resolve reopen --by --json" ;;
    probe) choices="run check --json" ;;
    user-report) choices="--text $(_outagectl_components)" ;;
    silence | maintenance) choices="add list end --json" ;;
    notify) choices="test queue retry --json" ;;
    replay) choices="--csv --db --since --until --sample --config --set --format --json" ;;
    config) choices="check show" ;;
    *) choices="--json" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
}
complete -o default -F _outagectl outagectl
