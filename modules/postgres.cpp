// The store on a PostgreSQL server, through libpqxx: a module of its own, as these libraries take longer to
// load than most commands to run.
#include "base/error.hpp"
#include "store/database.hpp"

#include <pqxx/pqxx>
#include <unordered_map>

namespace assay::store {

namespace {

class Postgres final : public Database {
public:
    explicit Postgres(const std::string& url) {
        try {
            connection_ = std::make_unique<pqxx::connection>(url);
            connection_->set_client_encoding("UTF8");
            work_ = std::make_unique<pqxx::nontransaction>(*connection_);
            work_->exec("SET client_min_messages TO warning");
        } catch (const std::exception& error) {
            // The address may hold a password: only what the server says is shown.
            throw Error("store/unreachable",
                        std::string("cannot open the PostgreSQL store: ") + error.what());
        }
    }

    Dialect dialect() const override { return Dialect::postgres; }

    void query(std::string_view sql, std::span<const Value> parameters,
               const std::function<void(std::span<const Cell>)>& call) override {
        guarded([&] {
            std::vector<std::string> texts;
            texts.reserve(parameters.size());
            std::vector<const char*> pointers;
            for (const Value& value : parameters) {
                if (const auto* number = std::get_if<std::int64_t>(&value))
                    pointers.push_back(texts.emplace_back(std::to_string(*number)).c_str());
                else if (const auto* text = std::get_if<std::string_view>(&value))
                    pointers.push_back(texts.emplace_back(*text).c_str());
                else
                    pointers.push_back(nullptr);
            }
            const pqxx::result answer =
                work_->exec_prepared(prepared(sql), pqxx::prepare::make_dynamic_params(pointers));
            if (!call) return;
            std::vector<Cell> cells;
            for (const auto& row : answer) {
                cells.clear();
                for (const auto& field : row)
                    cells.push_back({std::string_view(field.c_str(), field.size()), field.is_null()});
                call(cells);
            }
        });
    }

    void script(const std::string& sql) override {
        guarded([&] { work_->exec(sql); });
    }
    void begin() override { script("BEGIN"); }
    void commit() override { script("COMMIT"); }
    void rollback() noexcept override {
        try {
            work_->exec("ROLLBACK");
        } catch (const std::exception&) { // the connection is gone, and the transaction with it
        }
    }

private:
    template<class Action> void guarded(const Action& action) {
        try {
            action();
        } catch (const pqxx::broken_connection& error) {
            throw Error("store/unreachable",
                        std::string("the connection to the store is lost: ") + error.what());
        } catch (const pqxx::disk_full&) {
            throw Error("store/full", "no space left on the server; nothing of this step was kept");
        } catch (const pqxx::insufficient_privilege& error) {
            throw Error("store/read-only", std::string("the store cannot be written: ") + error.what());
        } catch (const pqxx::failure& error) {
            throw Error("store/sql", std::string("the PostgreSQL store: ") + error.what());
        }
    }

    // ?1 becomes $1; statements of the store hold no question mark otherwise.
    const std::string& prepared(std::string_view sql) {
        const auto found = names_.find(std::string(sql));
        if (found != names_.end()) return found->second;
        std::string text(sql);
        for (char& c : text)
            if (c == '?') c = '$';
        const std::string name = "assay" + std::to_string(names_.size());
        connection_->prepare(name, text);
        return names_.emplace(std::string(sql), name).first->second;
    }

    std::unique_ptr<pqxx::connection> connection_;
    std::unique_ptr<pqxx::nontransaction> work_;
    std::unordered_map<std::string, std::string> names_;
};

} // namespace

} // namespace assay::store

/// Errors: "store/unreachable".
extern "C" assay::store::Database* assay_open_postgres(const std::string& url) {
    return new assay::store::Postgres(url);
}
