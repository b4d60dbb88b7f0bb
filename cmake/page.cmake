# Builds the status page (dashboards/status) with npm and esbuild. Sets OUTAGED_PAGE_FILES, the files to embed.
find_program(OUTAGED_NPM npm)
find_program(OUTAGED_NODE NAMES node nodejs)
if(NOT OUTAGED_NPM OR NOT OUTAGED_NODE)
  message(FATAL_ERROR "The status page is built with Node.js and npm, and one of them is missing. "
                      "On Debian: apt-get install nodejs npm")
endif()

set(page_source ${PROJECT_SOURCE_DIR}/dashboards/status)
set(page_build ${PROJECT_BINARY_DIR}/page)
file(GLOB_RECURSE page_inputs CONFIGURE_DEPENDS ${page_source}/src/*)

# The packages are those of the lock file; they are installed beside the sources and only when the lock changes.
add_custom_command(
  OUTPUT ${page_build}/packages
  COMMAND ${CMAKE_COMMAND} -E make_directory ${page_build}
  COMMAND ${CMAKE_COMMAND} -E chdir ${page_source} ${OUTAGED_NPM} ci --ignore-scripts --no-audit --no-fund --silent
  COMMAND ${CMAKE_COMMAND} -E touch ${page_build}/packages
  DEPENDS ${page_source}/package.json ${page_source}/package-lock.json
  COMMENT "Installing the packages of the status page"
  VERBATIM)
add_custom_command(
  OUTPUT ${page_build}/app.js ${page_build}/app.css
  COMMAND ${CMAKE_COMMAND} -E chdir ${page_source} ${OUTAGED_NODE} build.mjs ${page_build}
  DEPENDS ${page_build}/packages ${page_source}/build.mjs ${page_inputs}
  COMMENT "Bundling the status page"
  VERBATIM)
set(OUTAGED_PAGE_FILES ${page_build}/app.js ${page_build}/app.css ${page_source}/icon.svg)
