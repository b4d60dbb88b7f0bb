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
#include "serve/maintenance.hpp"
#include "store/batch.hpp"
#include "store/reader.hpp"

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

/// Each time of a maintenance between `from` and `until`, in order; what was ended early is as long as it was.
std::vector<serve::MaintenanceWindow> maintenance_windows(store::Reader& reader, WallTime from, WallTime until);

std::vector<serve::Route> alert_routes(const AlertDesk& desk, const std::shared_ptr<serve::Gate>& gate);

}  // namespace outaged::daemon
