# Every library from outside and the oldest version that is known to work (Debian 12 carries all of them).
# What each is for: docs/dependencies.md.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(SQLiteCpp 3.2 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(PNG 1.6 REQUIRED)
find_package(JPEG REQUIRED)
find_package(ZLIB 1.2 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares>=1.18)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd>=252)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
find_package(date 3 REQUIRED)  # time zones: GCC 12 has no std::chrono::time_zone yet
