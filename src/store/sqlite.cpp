// The store as one SQLite file beside its write-ahead log.
#include "base/error.hpp"
#include "store/database.hpp"

#include <filesystem>
#include <sqlite3.h>
#include <unordered_map>

namespace assay::store {

namespace {

// "assy": tells a store from other SQLite files.
constexpr int application_id = 0x61737379;
constexpr int patience_ms = 30000; // an import of a million records may hold the file that long

class Sqlite final : public Database {
public:
    Sqlite(const std::string& file, bool create) : file_(file) {
        if (!create && !std::filesystem::exists(file))
            throw Error("store/missing", "there is no store " + file + "; assay import makes one",
                        Exit::input);
        int status = sqlite3_open_v2(file.c_str(), &handle_,
                                     SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), nullptr);
        try {
            if (status != SQLITE_OK) fail(status);
            sqlite3_extended_result_codes(handle_, 1);
            sqlite3_busy_timeout(handle_, patience_ms);
            check_ours();
            // A file from elsewhere may carry views and triggers; they may call nothing that does harm.
            script("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;");
            if (!sqlite3_db_readonly(handle_, "main")) script("PRAGMA journal_mode=WAL;");
        } catch (...) {
            close();
            throw;
        }
    }
    ~Sqlite() override { close(); }

    Dialect dialect() const override { return Dialect::sqlite; }

    void query(std::string_view sql, std::span<const Value> parameters,
               const std::function<void(std::span<const Cell>)>& call) override {
        sqlite3_stmt* statement = prepared(sql);
        const struct Reset {
            sqlite3_stmt* statement;
            ~Reset() {
                sqlite3_reset(statement);
                sqlite3_clear_bindings(statement);
            }
        } reset{statement};
        for (std::size_t i = 0; i < parameters.size(); ++i)
            bind(statement, static_cast<int>(i) + 1, parameters[i]);
        std::vector<Cell> cells(static_cast<std::size_t>(sqlite3_column_count(statement)));
        for (;;) {
            const int status = sqlite3_step(statement);
            if (status == SQLITE_DONE) return;
            if (status != SQLITE_ROW) fail(status);
            if (!call) continue;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                const int column = static_cast<int>(i);
                cells[i].null = sqlite3_column_type(statement, column) == SQLITE_NULL;
                const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
                cells[i].text =
                    text ? std::string_view(text,
                                            static_cast<std::size_t>(sqlite3_column_bytes(statement, column)))
                         : std::string_view();
            }
            call(cells);
        }
    }

    void script(const std::string& sql) override {
        const int status = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
        if (status != SQLITE_OK) fail(status);
    }

    void begin() override { script("BEGIN IMMEDIATE"); }
    void commit() override { script("COMMIT"); }
    void rollback() noexcept override { sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr); }

private:
    void bind(sqlite3_stmt* statement, int at, const Value& value) {
        int status = SQLITE_OK;
        if (const auto* number = std::get_if<std::int64_t>(&value))
            status = sqlite3_bind_int64(statement, at, *number);
        else if (const auto* text = std::get_if<std::string_view>(&value))
            status = sqlite3_bind_text64(statement, at, text->data() ? text->data() : "", text->size(),
                                         SQLITE_STATIC, SQLITE_UTF8);
        else
            status = sqlite3_bind_null(statement, at);
        if (status != SQLITE_OK) fail(status);
    }

    sqlite3_stmt* prepared(std::string_view sql) {
        const auto found = statements_.find(std::string(sql));
        if (found != statements_.end()) return found->second;
        sqlite3_stmt* statement = nullptr;
        const int status = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                              SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (status != SQLITE_OK) fail(status);
        statements_.emplace(std::string(sql), statement);
        return statement;
    }

    // A new file is marked as ours; one with other tables is left alone.
    void check_ours() {
        const std::int64_t id = number("PRAGMA application_id");
        if (id == application_id) return;
        if (number("SELECT count(*) FROM sqlite_master") > 0)
            throw Error("store/foreign", file_ + " is a database, but not a store of assay", Exit::input);
        script("PRAGMA application_id=" + std::to_string(application_id));
    }

    [[noreturn]] void fail(int status) const {
        const std::string why = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(status);
        switch (status & 0xFF) {
        case SQLITE_FULL:
            throw Error("store/full", "no space left to write " + file_ + "; nothing of this step was kept");
        case SQLITE_READONLY:
            throw Error("store/read-only", file_ + " cannot be written: " + why);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw Error("store/busy",
                        "another program has been writing " + file_ + " for over half a minute");
        case SQLITE_NOTADB:
            throw Error("store/foreign", file_ + " is not a store of assay", Exit::input);
        case SQLITE_CORRUPT:
            throw Error("store/damaged", file_ + " is damaged: " + why);
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_IOERR:
            throw Error("store/unreadable", file_ + " cannot be opened or read: " + why);
        case SQLITE_NOMEM:
            throw Error("memory/out", "no memory to work with " + file_);
        default:
            throw Error("store/sql", file_ + ": " + why);
        }
    }

    void close() noexcept {
        for (const auto& [sql, statement] : statements_)
            sqlite3_finalize(statement);
        statements_.clear();
        sqlite3_close_v2(handle_);
        handle_ = nullptr;
    }

    std::string file_;
    sqlite3* handle_ = nullptr;
    std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

} // namespace

std::unique_ptr<Database> open_sqlite(const std::string& file, bool create) {
    return std::make_unique<Sqlite>(file, create);
}

} // namespace assay::store
