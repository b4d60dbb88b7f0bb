#include "architecture/floors.hpp"

#include <doctest/doctest.h>

using namespace outaged::architecture;

TEST_CASE("every module includes only what is below it") {
  Complaints complaints;
  for (const Source& source : load({"src"}, {".hpp", ".cpp"})) {
    for (const Complaint& complaint : check_includes(source)) complaints.push_back(complaint);
  }
  CHECK_MESSAGE(complaints.empty(), to_string(complaints));
}

TEST_CASE("every module links only what is below it") {
  Complaints complaints;
  for (const Source& source : load({"src"}, {"CMakeLists.txt"})) {
    if (source.path == "src/CMakeLists.txt") continue;
    for (const Complaint& complaint : check_links(source)) complaints.push_back(complaint);
  }
  CHECK_MESSAGE(complaints.empty(), to_string(complaints));
}

TEST_CASE("every module makes a target") {
  const auto complaints = check_targets(load({"src"}, {".cpp", "CMakeLists.txt"}));
  CHECK_MESSAGE(complaints.empty(), to_string(complaints));
}

TEST_CASE("an include that the table does not allow is reported with its line") {
  const auto includes = [](const char* path, const char* text) { return check_includes({path, text}); };
  CHECK(includes("src/detect/a.cpp", "\n#include \"incident/incident.hpp\"\n") ==
        Complaints{{"src/detect/a.cpp", 1, "detect includes incident, which it must not know"}});
  CHECK(includes("src/detect/a.cpp", "#include \"probe/media.hpp\"").size() == 1);  // same floor
  CHECK(includes("src/outaged/a.cpp", "#include \"outagectl/a.hpp\"").size() == 1);
  CHECK(includes("src/detect/a.cpp", "#include \"net/dns.hpp\"").size() == 1);  // below it, but not for it to know
  CHECK(includes("src/base/a.cpp", "#include \"core/result.hpp\"").size() == 1);
  CHECK(includes("src/core/a.hpp", "  #  include \"net/http.hpp\"").size() == 1);
  CHECK(includes("src/core/a.hpp", "#include \"elsewhere/http.hpp\"").size() == 1);
  CHECK(includes("src/detect/a.cpp", "#include <net/dns.hpp>") ==
        Complaints{{"src/detect/a.cpp", 1, "detect includes net, which it must not know"}});
  CHECK(includes("src/new/a.hpp", "").size() == 1);
}

TEST_CASE("an include that the table allows is not reported") {
  const auto includes = [](const char* path, const char* text) { return check_includes({path, text}); };
  CHECK(includes("src/detect/a.cpp", "#include \"detect/b.hpp\"\n#include \"core/c.hpp\"\n#include <vector>").empty());
  CHECK(includes("src/probe/a.cpp", "#include \"net/http.hpp\"").empty());
  CHECK(includes("src/notify/a.cpp", "#include \"detect/finding.hpp\"").empty());  // incident's values hold detect's
  CHECK(includes("src/outaged/a.cpp", "#include \"serve/server.hpp\"\n#include \"schedule/prober.hpp\"").empty());
  CHECK(includes("src/detect/a.cpp", "#include <sys/socket.h>\n#include <net/if.h>\n#include <core/c.hpp>").empty());
  CHECK(includes("src/detect/a.cpp", "// #include \"net/dns.hpp\"").empty());
}

TEST_CASE("a link that the table does not allow is reported") {
  const auto links = [](const char* path, const char* text) { return check_links({path, text}); };
  CHECK(links("src/detect/CMakeLists.txt", "outaged_module(detect\n SOURCES a.cpp\n LINKS outaged::store)") ==
        Complaints{{"src/detect/CMakeLists.txt", 3, "detect links store, which it must not know"}});
  CHECK(links("src/detect/CMakeLists.txt", "outaged_module(detect LINKS outaged::probe)").size() == 1);
  CHECK(links("src/detect/CMakeLists.txt", "outaged_module(detect LINKS outaged::nowhere)").size() == 1);
  CHECK(links("src/detect/CMakeLists.txt", "# outaged::store\noutaged_module(detect LINKS outaged::core)").empty());
  CHECK(links("src/outagesim/CMakeLists.txt", "outaged_program(outagesim LINKS outaged::sim)").empty());
}

TEST_CASE("a module whose sources go into no target is reported") {
  CHECK(check_targets({{"src/net/a.cpp", ""}, {"src/net/CMakeLists.txt", "# later"}}).size() == 1);
  CHECK(check_targets({{"src/net/a.cpp", ""}}).size() == 1);
  CHECK(
      check_targets({{"src/net/a.cpp", ""}, {"src/net/CMakeLists.txt", "outaged_module(net SOURCES a.cpp)"}}).empty());
}
