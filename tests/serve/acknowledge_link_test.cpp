#include "serve/acknowledge_link.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"
#include "serve/ask.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;

namespace {

const Secret kKey{"0123456789abcdef0123456789abcdef"};
const WallTime kNow = test::base_time() + std::chrono::hours{2};

/// The links of a daemon whose database holds the open incident 1 and the resolved incident 2.
struct Links {
  test::TemporaryDirectory directory;
  std::vector<incident::Intervention> taken;
  std::vector<Route> routes;

  Links() {
    auto writer = test::open_writer(directory / "outaged.db");
    store::Batch batch;
    batch.incidents = {test::open_incident(1), test::open_incident(2)};
    batch.incidents[1].resolved_at = test::base_time() + std::chrono::hours{1};
    batch.incidents[1].state = IncidentState::resolved;
    writer->submit(std::move(batch));
    REQUIRE(writer->flush(std::chrono::seconds{10}));
    Daemon daemon;
    daemon.database = directory / "outaged.db";
    daemon.link_key = kKey;
    daemon.now = [] { return kNow; };
    daemon.intervene = [this](incident::Intervention said, auto, auto done) {
      taken.push_back(said);
      done(test::open_incident(said.incident.number));
    };
    routes = acknowledge_routes(daemon);
  }

  Response get(const std::string& path) { return test::ask(routes, test::request("GET", path)); }
  Response post(const std::string& path, const std::string& form) {
    return test::ask(routes, test::request("POST", path, form));
  }
};

std::string link(int incident, Micros lasts = std::chrono::hours{1}) {
  return acknowledge_path(kKey, IncidentId{incident}, kNow + lasts);
}

}  // namespace

TEST_CASE("looking at a link acknowledges nothing, for programs do that before people") {
  Links links;
  const auto page = links.get(link(1));
  CHECK(page.status == 200);
  CHECK(page.body.find("<form method=\"post\">") != std::string::npos);
  CHECK(page.body.find("<script") == std::string::npos);
  CHECK(links.taken.empty());
}

TEST_CASE("sending its form acknowledges with the name given, which cannot bring markup with it") {
  Links links;
  const auto page = links.post(link(1), "by=Ada+%3Cb%3EL%3C%2Fb%3E");
  CHECK(page.status == 200);
  REQUIRE(links.taken.size() == 1);
  CHECK(links.taken[0].incident.number == 1);
  CHECK(links.taken[0].kind == incident::InterventionKind::acknowledge);
  CHECK(links.taken[0].by == "Ada <b>L</b>");
  CHECK(page.body.find("<b>L") == std::string::npos);
  links.post(link(1), "");
  CHECK(links.taken.at(1).by == "somebody with the link");
}

TEST_CASE("a link that was changed anywhere, made with another key, or is too old does nothing") {
  Links links;
  const auto good = link(1);
  for (std::size_t at = std::string{"/acknowledge/"}.size(); at < good.size(); ++at) {
    if (good[at] == '/') continue;
    auto forged = good;
    forged[at] = forged[at] == '1' ? '2' : '1';
    CAPTURE(forged);
    CHECK(links.post(forged, "by=x").status == 403);
  }
  CHECK(links
            .post(acknowledge_path(Secret{"another key of some length"}, IncidentId{1},
                                   kNow + Micros{std::chrono::hours{1}}),
                  "")
            .status == 403);
  CHECK(links.post(link(1, Micros{0}), "").status == 410);
  CHECK(links.taken.empty());
}

TEST_CASE("there is nothing to acknowledge in an incident that is over or unknown") {
  Links links;
  CHECK(links.get(link(2)).status == 410);
  CHECK(links.get(link(3)).status == 404);
}

TEST_CASE("without a key there are no links") {
  CHECK(acknowledge_routes(Daemon{}).empty());
}
