#include "peers/blackbox.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "get.hpp"
#include "support/free_port.hpp"
#include "support/process.hpp"
#include "write.hpp"

namespace outaged::bench {
namespace {

constexpr const char* kExporter = "/usr/bin/prometheus-blackbox-exporter";
constexpr const char* kPrometheus = "/usr/bin/prometheus";
constexpr int kTargets = 1000;

/// How many targets have answered well the last time; 0 while Prometheus does not answer.
int healthy_targets(int prometheus) {
  const auto answer = nlohmann::json::parse(
      get(fmt::format("http://127.0.0.1:{}/api/v1/query?query=sum(probe_success)", prometheus)), nullptr, false);
  const auto value = nlohmann::json::json_pointer("/data/result/0/value/1");
  return answer.is_object() && answer.contains(value) ? std::stoi(answer.at(value).get<std::string>()) : 0;
}

/// What a running process has used so far (proc(5): the 14th and 15th field of stat).
Micros cpu_of(const test::Process& process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process.pid()));
  std::string text;
  std::getline(file, text);
  std::istringstream after_name(text.substr(text.rfind(')') + 1));
  const std::vector<std::string> fields{std::istream_iterator<std::string>(after_name), {}};
  if (fields.size() < 13) throw std::runtime_error("a peer has ended: " + process.log());
  const std::chrono::duration<double> used{(std::stod(fields[11]) + std::stod(fields[12])) /
                                           static_cast<double>(sysconf(_SC_CLK_TCK))};
  return std::chrono::duration_cast<Micros>(used);
}

std::string exporter_settings(const Nginx& nginx) {
  return fmt::format(
      "modules:\n  https:\n    prober: http\n    http: {{preferred_ip_protocol: ip4, enable_http2: false, "
      "tls_config: {{ca_file: {}}}}}\n",
      nginx.ca_file());
}

std::string prometheus_settings(const Nginx& nginx, int exporter, std::chrono::seconds interval) {
  std::string targets;
  for (int i = 0; i < kTargets; ++i) targets += fmt::format("{}\"{}?{}\"", i == 0 ? "" : ", ", nginx.url(), i);
  return fmt::format(R"(
scrape_configs:
  - job_name: blackbox
    metrics_path: /probe
    params: {{module: [https]}}
    scrape_interval: {0}s
    scrape_timeout: {0}s
    static_configs: [{{targets: [{1}]}}]
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: "127.0.0.1:{2}"}}
)",
                     interval.count(), targets, exporter);
}

}  // namespace

std::optional<Used> blackbox(const Nginx& nginx, Rate rate, const std::function<void()>& on_begin) {
  if (access(kExporter, X_OK) != 0 || access(kPrometheus, X_OK) != 0) return std::nullopt;
  const int exporter_port = test::free_port();
  const int prometheus_port = test::free_port();
  const auto folder = nginx.folder() + "/blackbox";
  std::filesystem::create_directories(folder);
  write(folder + "/blackbox.yml", exporter_settings(nginx));
  write(folder + "/prometheus.yml",
        prometheus_settings(nginx, exporter_port, std::chrono::seconds{kTargets / rate.per_second}));
  test::Process exporter(kExporter,
                         {"--config.file=" + folder + "/blackbox.yml",
                          fmt::format("--web.listen-address=127.0.0.1:{}", exporter_port), "--log.level=error"},
                         folder + "/blackbox.log");
  test::Process prometheus(kPrometheus,
                           {"--config.file=" + folder + "/prometheus.yml", "--storage.tsdb.path=" + folder + "/data",
                            fmt::format("--web.listen-address=127.0.0.1:{}", prometheus_port), "--log.level=error"},
                           folder + "/prometheus.log");
  const auto all_answer = [&] { return healthy_targets(prometheus_port) == kTargets; };
  if (!prometheus.wait_until(all_answer, std::chrono::minutes{1}))
    throw std::runtime_error("not every target of blackbox_exporter answers: " + exporter.log() + prometheus.log());
  on_begin();
  const Micros before = cpu_of(exporter) + cpu_of(prometheus);
  if (prometheus.wait(std::chrono::milliseconds{1000 * rate.requests / rate.per_second}))
    throw std::runtime_error("prometheus ended: " + prometheus.log());
  return Used{cpu_of(exporter) + cpu_of(prometheus) - before, rate.requests,
              kTargets - healthy_targets(prometheus_port)};
}

}  // namespace outaged::bench
