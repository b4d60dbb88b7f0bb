#pragma once
// Values for the store's tests, with everything set that a test does not care about.
#include <string>

#include "core/result.hpp"
#include "incident/incident.hpp"
#include "store/batch.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"

namespace outaged::test {

/// 3 July 2019, 14:00 UTC.
WallTime base_time();

/// A successful single-step run, `minute` minutes after base_time().
Result healthy_run(const std::string& probe, int minute);
/// A run of two steps whose second failed.
Result failed_run(const std::string& probe, int minute);

incident::Incident open_incident(std::int64_t number);
store::OutboxMessage message_for(std::int64_t incident, const std::string& channel, const std::string& kind);

std::unique_ptr<store::Writer> open_writer(const std::string& path);
store::Reader open_reader(const std::string& path);
store::Batch batch_of(Result result);

}  // namespace outaged::test
