#pragma once
// The API's routes about alerts: what is waiting and was given up, tests of channels, silences, maintenance. Reading is
// for everybody; changing only for those whom the gate lets through.
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "notify/calendar.hpp"
#include "notify/notifier.hpp"
#include "serve/gate.hpp"
#include "serve/http.hpp"
#include "store/batch.hpp"

namespace outaged::daemon {

struct AlertDesk {
  std::string database;
  std::string site;
  std::string public_address;
  std::function<WallTime()> now;
  std::set<std::string> channels;
  notify::Notifier& notifier;  ///< must outlive the server
  /// Pipeline::change_calendar, from any thread.
  std::function<void(std::function<store::Batch(notify::Calendar&, WallTime)>, std::function<void()>)> change_calendar;
};

std::vector<serve::Route> alert_routes(const AlertDesk& desk, const std::shared_ptr<serve::Gate>& gate);

}  // namespace outaged::daemon
