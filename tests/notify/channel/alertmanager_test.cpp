#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../july_2019.hpp"
#include "../opened_channel.hpp"
#include "base/file.hpp"
#include "support/free_port.hpp"
#include "support/http_client.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;
using Json = nlohmann::json;
using incident::AnnouncementKind;

namespace {

/// Debian's Alertmanager, and our channel to it.
struct Alertmanager {
  test::TemporaryDirectory directory;
  std::string url = "http://127.0.0.1:" + std::to_string(test::free_port());
  std::unique_ptr<test::Process> process;
  std::unique_ptr<Channel> channel;

  Alertmanager() {
    REQUIRE(write_file_atomically(directory / "am.yml", "route:\n  receiver: x\nreceivers:\n  - name: x\n"));
    process = std::make_unique<test::Process>(
        "/usr/bin/prometheus-alertmanager",
        std::vector<std::string>{"--config.file=" + (directory / "am.yml"), "--storage.path=" + (directory / "data"),
                                 "--web.listen-address=" + url.substr(7), "--cluster.listen-address="},
        directory / "am.log");
    REQUIRE(process->wait_until([this] { return test::http_request("GET", url + "/-/ready").status == 200; }, 30s));
    channel = test::open_channel(R"({"type": "alertmanager", "url": ")" + url + R"(", "labels": {"team": "web"}})", {});
  }

  void tell(const incident::Incident& incident, AnnouncementKind kind) {
    const auto message = compose(incident, kind, test::july_2019_context());
    const auto reply =
        test::http_request("POST", url + "/api/v2/alerts", test::rendered(*channel, message, wall_clock_now()).body);
    CAPTURE(reply.body);
    REQUIRE(reply.status == 200);
  }

  /// Function and platform of those that are firing.
  std::set<std::string> firing() {
    std::set<std::string> out;
    for (const auto& alert : Json::parse(test::http_request("GET", url + "/api/v2/alerts?active=true").body)) {
      CHECK(alert["labels"]["alertname"] == "OutagedIncident");
      CHECK(alert["labels"]["team"] == "web");
      out.insert(alert["labels"]["platform"].get<std::string>() + "/" + alert["labels"]["function"].get<std::string>());
    }
    return out;
  }
};

}  // namespace

TEST_CASE("Alertmanager fires one alert for each component and ends it with the component or the incident") {
  Alertmanager alertmanager;
  auto incident = test::july_2019();
  std::set<std::string> all;
  for (const auto& component : incident.components) all.insert(to_string(component.id));
  alertmanager.tell(incident, AnnouncementKind::opened);
  CHECK(alertmanager.firing() == all);
  // Told again, it is the same alert.
  alertmanager.tell(incident, AnnouncementKind::updated);
  CHECK(alertmanager.firing() == all);

  incident.components.front().state = ComponentState::operational;
  alertmanager.tell(incident, AnnouncementKind::updated);
  all.erase(to_string(incident.components.front().id));
  CHECK(alertmanager.firing() == all);

  alertmanager.tell(incident, AnnouncementKind::resolved);
  CHECK(alertmanager.firing().empty());
}
