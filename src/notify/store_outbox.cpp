#include "notify/store_outbox.hpp"

#include <boost/asio/post.hpp>

namespace outaged::notify {

namespace {

Expected<std::vector<OutboxRow>, std::string> rows_of(const std::function<std::vector<store::OutboxEntry>()>& read) {
  std::vector<OutboxRow> rows;
  try {
    for (auto& entry : read()) {
      rows.push_back({entry.id, std::move(entry.reference), entry.incident, std::move(entry.channel),
                      std::move(entry.payload), entry.created, entry.not_before, entry.expires, entry.attempts,
                      std::move(entry.handle)});
    }
  } catch (const std::exception& error) {
    return Unexpected{std::string{error.what()}};
  }
  return rows;
}

}  // namespace

Expected<std::vector<OutboxRow>, std::string> StoreOutbox::pending() {
  return rows_of([this] { return reader_.pending_outbox(); });
}

Expected<std::vector<OutboxRow>, std::string> StoreOutbox::standing(const std::string& channel) {
  return rows_of([&] { return reader_.standing_outbox(channel); });
}

void StoreOutbox::record(const Settlement& settlement, std::function<void(bool)> done) {
  store::Batch batch;
  for (const auto& delivery : settlement.deliveries) {
    batch.deliveries.push_back({delivery.row, delivery.at, std::string{to_string(delivery.outcome)}, delivery.detail,
                                delivery.next_attempt, delivery.handle, delivery.fallback});
  }
  if (settlement.problem) batch.channel_problems.push_back(*settlement.problem);
  batch.outbox = settlement.notices;
  const auto answer = [io = io_, done = std::move(done)](bool written) {
    boost::asio::post(*io, [done, written] { done(written); });
  };
  if (!writer_.submit(std::move(batch), [answer] { answer(true); })) answer(false);
}

}  // namespace outaged::notify
