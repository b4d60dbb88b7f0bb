#include "many_probes.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "write.hpp"

namespace outaged::bench {

std::string write_configuration(const ManyProbes& many) {
  std::filesystem::create_directories(many.folder + "/probes");
  for (int i = 0; i < many.probes; ++i)
    write(fmt::format("{}/probes/{}.json", many.folder, i),
          fmt::format(R"({{"id": "p{0}", "component": "own/site-{1}", "title": "t", "interval": "{2}", "timeout": "{3}",
            "steps": [{{"http": {{"url": "{4}"}}, "expect": {{"status": 200}}}}]}})",
                      i, i % 50, many.interval, many.timeout, many.url));
  const auto path = many.folder + "/outaged.json";
  write(path, fmt::format(R"({{"probes": {{"paths": ["probes"]}}, "store": {{"path": "outaged.db"}},
      "network": {{"ca_file": "{}"}}, "schedule": {{"max_running": 2000}}, "serve": {{"listen": "{}"}},
      "clock": {{"speed": {}}}, "log": {{"level": "error"}}}})",
                          many.ca_file, many.port == 0 ? "" : fmt::format("127.0.0.1:{}", many.port), many.speed));
  return path;
}

}  // namespace outaged::bench
