#pragma once
// The store's outbox table as the worker's Outbox.
#include <memory>

#include <boost/asio/io_context.hpp>

#include "notify/outbox.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"

namespace outaged::notify {

class StoreOutbox final : public Outbox {
 public:
  /// `reader` is used on the worker's thread, which runs `io`; `writer` must outlive this. `io` is shared because the
  /// writer may acknowledge after the worker has gone.
  StoreOutbox(store::Reader reader, store::Writer& writer, std::shared_ptr<boost::asio::io_context> io)
      : reader_(std::move(reader)), writer_(writer), io_(std::move(io)) {}

  Expected<std::vector<OutboxRow>, std::string> pending() override;
  Expected<std::vector<OutboxRow>, std::string> standing(const std::string& channel) override;
  void record(const Settlement& settlement, std::function<void(bool)> done) override;

 private:
  store::Reader reader_;
  store::Writer& writer_;
  std::shared_ptr<boost::asio::io_context> io_;
};

}  // namespace outaged::notify
