// An Instagram container's life, and what publishing counts.
#include <doctest/doctest.h>

#include "outagesim/offline.hpp"

namespace outaged::test {
namespace {

using namespace std::chrono_literals;

struct Account : Offline {
  std::string create() { return call("POST", "/media?image_url=https%3A%2F%2Fwww.example.org%2Fp.jpg").at("id"); }
  nlohmann::json publish(const std::string& container) {
    return call("POST", "/media_publish?creation_id=" + container);
  }
  std::string state(const std::string& container) {
    return graph("GET", container + "?fields=status_code", "instagram_token").at("status_code");
  }
  int used() { return call("GET", "/content_publishing_limit").at("data").at(0).at("quota_usage"); }

 private:
  nlohmann::json call(const std::string& method, const std::string& edge) {
    return graph(method, world.accounts.instagram_user_id + edge, "instagram_token");
  }
};

}  // namespace

TEST_CASE("a container that was published says so, and is not published twice") {
  Account sim;
  const auto container = sim.create();
  CHECK(sim.publish(container).at("error").at("error_subcode") == 2207027);
  sim.clock.run_for(2s);
  CHECK(sim.state(container) == "FINISHED");
  CHECK(sim.used() == 0);
  CHECK(sim.publish(container).contains("id"));
  CHECK(sim.state(container) == "PUBLISHED");
  CHECK(sim.publish(container).at("error").at("code") == 24);
  CHECK(sim.used() == 1);
  sim.clock.run_for(25h);
  CHECK(sim.state(container) == "PUBLISHED");
}

TEST_CASE("an expired container is not published") {
  Account sim;
  const auto container = sim.create();
  sim.clock.run_for(24h);
  CHECK(sim.publish(container).at("error").at("error_subcode") == 2207020);
}

TEST_CASE("an account publishes fifty times in 24 hours that roll on") {
  Account sim;
  for (int i = 0; i < 50; ++i) {
    const auto container = sim.create();
    sim.clock.run_for(1min);
    CHECK(sim.publish(container).contains("id"));
  }
  CHECK(sim.used() == 50);
  const auto one_more = sim.create();
  sim.clock.run_for(1min);
  CHECK(sim.publish(one_more).at("error").at("error_subcode") == 2207042);
  CHECK(sim.state(one_more) == "FINISHED");
  sim.clock.run_for(24h - 51min);
  CHECK(sim.used() == 50);
  sim.clock.run_for(1min);
  CHECK(sim.used() == 49);
}

}  // namespace outaged::test
