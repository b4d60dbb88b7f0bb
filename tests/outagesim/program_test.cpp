// What the program leaves behind for others, and the program itself.
#include <csignal>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/file.hpp"
#include "outagesim/running.hpp"
#include "support/process.hpp"

namespace outaged::test {
namespace {

using namespace std::chrono_literals;
const std::string kProgram = std::string(OUTAGED_BUILD_DIR) + "/bin/outagesim";

nlohmann::json read_json(const std::string& path) {
  return nlohmann::json::parse(read_file(path, Bytes{1U << 20U}).value_or("null"));
}

}  // namespace

TEST_CASE("ready.json names every address that probe files use") {
  const Running sim;
  const auto ready = read_json(sim.directory / "ready.json");
  CHECK(ready == sim.ready);
  for (const auto* name : {"graph",
                           "graph_video",
                           "graph_instagram",
                           "rupload",
                           "lookaside",
                           "whatsapp_media",
                           "whatsapp_web",
                           "whatsapp_chat",
                           "facebook_web",
                           "instagram_web",
                           "facebook_cdn",
                           "instagram_cdn",
                           "control_google",
                           "control_cloudflare",
                           "control_wikipedia",
                           "control_debian",
                           "control_dns_quad9",
                           "control_dns_cloudflare",
                           "graph_version",
                           "whatsapp_phone_number_id",
                           "facebook_app_id",
                           "facebook_page_id",
                           "instagram_user_id"}) {
    INFO(name);
    CHECK_FALSE(ready.at("variables").at(name).get<std::string>().empty());
  }
  for (const auto* name : {"whatsapp_token", "facebook_user_token", "facebook_page_token", "instagram_token"})
    CHECK(ready.at("secrets").at(name).get<std::string>().size() > 20);
  CHECK(ready.at("network").at("ca_file") == sim.directory / "ca.pem");
}

TEST_CASE("a configuration for the daemon is written with its secrets in files of their own") {
  const TemporaryDirectory data;
  sim::Options options;
  options.write_config = data / "outaged.json";
  options.probes = "/some/probes";
  options.data = data.path().string();
  options.speed = 60;
  const Running sim(options);
  const auto config = read_json(options.write_config);
  CHECK(config.at("probes").at("paths")[0] == "/some/probes");
  CHECK(config.at("network") == sim.ready.at("network"));
  CHECK(config.at("clock").at("speed") == 60);
  for (const auto& [name, source] : config.at("secrets").items()) {
    const std::string file = source.at("file");
    CHECK(read_file(file, Bytes{1000}).value_or("") == sim.ready.at("secrets").at(name).get<std::string>());
    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
  }
  CHECK(config.dump().find(sim.ready.at("secrets").at("whatsapp_token").get<std::string>()) == std::string::npos);
}

TEST_CASE("the program says when it is ready and ends on a signal") {
  const TemporaryDirectory directory;
  const std::string ready = directory / "ready.json";
  Process program(kProgram, {"--dir", directory.path().string()}, directory / "log");
  const bool came = program.wait_until([&] { return std::ifstream(ready).good(); }, 20s);
  REQUIRE_MESSAGE(came, program.log());
  CHECK(read_json(ready).at("control").get<std::string>().starts_with("http://127.0.0.1:"));
  program.signal(SIGTERM);
  CHECK(program.wait(10s) == 0);
}

TEST_CASE("the program refuses what it cannot do and says why") {
  const TemporaryDirectory directory;
  const std::string dir = directory.path().string();
  CHECK(run_program(kProgram, {}).exit_code == 64);
  CHECK(run_program(kProgram, {"--dir", dir, "--healthy-for", "soon"}).exit_code == 64);
  CHECK(run_program(kProgram, {"--dir", dir, "--write-config", dir + "/c.json"}).exit_code == 64);
  CHECK(run_program(kProgram, {"--help"}).exit_code == 0);
  const auto unknown = run_program(kProgram, {"--dir", dir, "--incident", "1999-12-31"});
  CHECK(unknown.exit_code == 69);
  CHECK(unknown.output.find("1999-12-31") != std::string::npos);
  const Running sim;
  const std::string control = sim.ready.at("control");
  const auto taken = run_program(kProgram, {"--dir", dir, "--control-port", control.substr(control.rfind(':') + 1)});
  CHECK(taken.exit_code == 69);
  CHECK(taken.output.find("cannot listen") != std::string::npos);
}

}  // namespace outaged::test
