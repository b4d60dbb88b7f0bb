# `cmake --install` puts everything in its place; `cpack -G DEB` makes a Debian package of it.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # packing needs the programs, not the tests

install(TARGETS outaged outagectl outagesim RUNTIME)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/probes DESTINATION ${CMAKE_INSTALL_DATADIR}/outaged)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/config/incidents DESTINATION ${CMAKE_INSTALL_DATADIR}/outaged)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/dashboards/grafana ${PROJECT_SOURCE_DIR}/dashboards/prometheus
        DESTINATION ${CMAKE_INSTALL_DATADIR}/outaged PATTERN make.py EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/completion/outagectl.bash
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME outagectl)

# The shipped configuration and unit, with the places of an installation instead of those of a checkout. They are made
# when it is known where that is: `cmake --install --prefix` may say so, and a package goes to /usr, wherever it is
# packed.
install(CODE "
  set(prefix \"\${CMAKE_INSTALL_PREFIX}\")
  if(prefix MATCHES \"/_CPack_Packages/\")
    set(prefix /usr)
  endif()
  set(probes \"\${prefix}/${CMAKE_INSTALL_DATADIR}/outaged/probes\")
  set(programs \"\${prefix}/${CMAKE_INSTALL_BINDIR}\")
  set(source \"${PROJECT_SOURCE_DIR}\")
  set(made \"${PROJECT_BINARY_DIR}/packaging\")
  include(\"${PROJECT_SOURCE_DIR}/cmake/installed_files.cmake\")
")
install(FILES ${PROJECT_BINARY_DIR}/packaging/outaged.json DESTINATION /etc/outaged)
install(DIRECTORY DESTINATION /etc/outaged/credentials DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
install(FILES ${PROJECT_BINARY_DIR}/packaging/outaged.service ${PROJECT_SOURCE_DIR}/packaging/systemd/outaged.socket
        DESTINATION lib/systemd/system)

# Debian wants manual pages and changelogs compressed, without the name and time of the file in them.
find_program(OUTAGED_GZIP gzip REQUIRED)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/packaging)
function(outaged_install_compressed file name destination)
  execute_process(COMMAND ${OUTAGED_GZIP} -9nc ${file} OUTPUT_FILE ${PROJECT_BINARY_DIR}/packaging/${name}.gz
                  COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${PROJECT_BINARY_DIR}/packaging/${name}.gz DESTINATION ${destination})
endfunction()
outaged_install_compressed(${PROJECT_SOURCE_DIR}/packaging/man/outaged.8 outaged.8 ${CMAKE_INSTALL_MANDIR}/man8)
outaged_install_compressed(${PROJECT_SOURCE_DIR}/packaging/man/outagesim.1 outagesim.1 ${CMAKE_INSTALL_MANDIR}/man1)
outaged_install_compressed(${PROJECT_SOURCE_DIR}/packaging/man/outagectl.1 outagectl.1 ${CMAKE_INSTALL_MANDIR}/man1)
outaged_install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md changelog ${CMAKE_INSTALL_DOCDIR})
string(TIMESTAMP release_date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # heeds SOURCE_DATE_EPOCH
configure_file(${PROJECT_SOURCE_DIR}/packaging/deb/changelog.in ${PROJECT_BINARY_DIR}/packaging/changelog.Debian @ONLY)
outaged_install_compressed(${PROJECT_BINARY_DIR}/packaging/changelog.Debian changelog.Debian ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/packaging/deb/lintian-overrides
        DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME outaged)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/deb/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "outaged <outaged@outaged.invalid>")
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# The text under the project's own description.
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Asks what people do there (upload a photo, fetch its bytes, load a feed), tells
outages from noise and from faults of one's own network, and keeps incidents
with a timeline. Alerts, a status page, an API and metrics.")
set(packaging ${PROJECT_SOURCE_DIR}/packaging/deb)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${packaging}/conffiles;${packaging}/postinst;${packaging}/prerm;${packaging}/postrm)
include(CPack)
