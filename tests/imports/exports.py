"""Small exports for tests, as the system behind the real one writes them."""

from __future__ import annotations

from pathlib import Path

from graph_crm.imports.reading import sheet_of
from graph_crm.imports.types import Sheet

ZOHO = Path(__file__).resolve().parents[1] / "data" / "zoho-export-synthetic"

USERS = """full_name,first_name,last_name,identifier
Tom Bradley,Tom,Bradley,tom@ours.example
Susan Park,Susan,Park,susan@ours.example
"""
ACCOUNTS = """Account_Name,Industry,Annual_Revenue,Employees,Billing_Street,Billing_City,Billing_Country,Website
Atlas,Metal,2000000,120,1 East Road,Boston,United States,https://www.atlas.com
Atlas,Metal,1000000,80,2 West Road,Denver,United States,https://atlas.co
Atlas,Plastics,3000000,,3 South Road,Miami,United States,https://atlas.co
Bond,Electronics,500000.50,40,4 North Road,Austin,United States,bond.example
"""
CONTACTS = """First_Name,Last_Name,Email,Phone,Title,Department,Owner,Account_Name
Ana,Silva,ana@atlas.com,(617) 555-0123,VP of Quality,Quality,tom@ours.example,Atlas
Bo,Chen,bo@atlas.co,+1 303 499 7111,Buyer,Purchasing,susan@ours.example,Atlas
Cy,Young,cy@bond.example,,CEO,,tom@ours.example,Bond
"""
DEALS = """Deal_Name,Pipeline,Stage,Amount,Created_Time,Closing_Date,Status,Owner,Account_Name,Contact_Name
East deal,New,Quote,1000.50,2025-11-01,,Open,tom@ours.example,Atlas,Ana Silva
West deal,New,Closed Won,2000,2025-01-01,2025-06-30,Won,susan@ours.example,Atlas,Bo Chen
Bond deal,New,Lead,,2025-12-01,2026-12-31,Open,tom@ours.example,Bond,Cy Young
"""
ACTIVITIES = """Activity_Type,Subject,Activity_Date,Status,Duration,Owner,Account_Name,Contact_Name
Emails,Price list,2026-01-05,Yes,,tom@ours.example,Atlas,Ana Silva
Meetings,Plant tour,2026-01-10,Yes,60.0,tom@ours.example,Atlas,Ana Silva
Calls,Quote,2026-01-10,Yes,15,susan@ours.example,Bond,Cy Young
Calls,Quote,2026-01-10,Yes,15,susan@ours.example,Bond,Cy Young
Notes,Met at a fair,2026-01-11,Yes,,susan@ours.example,Atlas,Bo Chen
"""
MASTER = """Account_Name,Industry,Billing_Street,Website,Contact_Name,Email,First_Name,Last_Name,Title,Deal_Name,\
Stage,Pipeline,Amount,Created_Time,Closing_Date,Status,Owner
Atlas,Metal,1 East Road,https://www.atlas.com,Ana Silva,ana@atlas.com,Ana,Silva,VP of Quality,East deal,Quote,New,\
1000.50,2025-11-01,,Open,tom@ours.example
Atlas,Metal,2 West Road,https://atlas.co,Bo Chen,bo@atlas.co,Bo,Chen,Buyer,West deal,Closed Won,New,2000,2025-01-01,\
2025-06-30,Won,susan@ours.example
Bond,Electronics,4 North Road,bond.example,Cy Young,cy@bond.example,Cy,Young,CEO,,,,,,,,tom@ours.example
"""


def sheets(**files: str) -> list[Sheet]:
    """Files by their name without `.csv`."""
    return [sheet_of(f"{name}.csv", text.encode()) for name, text in files.items()]


def whole_export(**other: str) -> list[Sheet]:
    """The five files, some of them replaced."""
    files = {"users": USERS, "accounts": ACCOUNTS, "contacts": CONTACTS, "deals": DEALS, "activities": ACTIVITIES}
    return sheets(**{**files, **other})
