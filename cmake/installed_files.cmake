# Makes, in the folder `made`, the configuration and the unit of an installation from those in `source`: `probes` is where
# the probe files will be, `programs` where the programs. Run by `cmake --install` (install.cmake).
function(say here there)
  string(FIND "${configuration}" "${here}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "config/outaged.json does not say ${here} any more")
  endif()
  string(REPLACE "${here}" "${there}" changed "${configuration}")
  set(configuration "${changed}" PARENT_SCOPE)
endfunction()

file(READ ${source}/config/outaged.json configuration)
say("\"paths\": [\"../probes\"]" "\"paths\": [\"${probes}\"]")
say("\"serve\": {\"listen\": \"127.0.0.1:8460\"}"
    "\"store\": {\"path\": \"/var/lib/outaged/outaged.db\"},\n\n  \"serve\": {\"listen\": \"127.0.0.1:8460\", \"socket\": \"/run/outaged/outaged.sock\"}")
file(WRITE ${made}/outaged.json "${configuration}")
configure_file(${source}/packaging/systemd/outaged.service.in ${made}/outaged.service @ONLY)
