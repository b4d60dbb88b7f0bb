#include "notify/store_outbox.hpp"

#include <boost/asio/post.hpp>

namespace outaged::notify {

Expected<std::vector<OutboxRow>, std::string> StoreOutbox::pending() {
  std::vector<OutboxRow> rows;
  try {
    for (auto& entry : reader_.pending_outbox()) {
      rows.push_back({entry.id, entry.incident, std::move(entry.channel), std::move(entry.payload), entry.not_before,
                      entry.expires, entry.attempts});
    }
  } catch (const std::exception& error) {
    return Unexpected{std::string{error.what()}};
  }
  return rows;
}

void StoreOutbox::record(const Delivery& delivery, std::function<void(bool)> done) {
  store::Batch batch;
  batch.deliveries.push_back(
      {delivery.row, delivery.at, std::string{to_string(delivery.outcome)}, delivery.detail, delivery.next_attempt});
  const auto answer = [io = io_, done = std::move(done)](bool written) {
    boost::asio::post(*io, [done, written] { done(written); });
  };
  if (!writer_.submit(std::move(batch), [answer] { answer(true); })) answer(false);
}

}  // namespace outaged::notify
