// SPDX-License-Identifier: Apache-2.0
// Reelwork: the rows of a file of version 1

extension GoldenVersion1 {
    /// Every row.
    static let rows = """
        INSERT INTO "job" VALUES(1,X'018BCFE5680170018000000000000001','key-1','default',2,
            2,3,1700000000001,NULL,X'737065632031');
        INSERT INTO "job" VALUES(2,X'018BCFE5680270028000000000000002','key-2','default',1,
            1,3,1700000000002,NULL,X'737065632032');
        INSERT INTO "job" VALUES(3,X'018BCFE5680370038000000000000003','key-3','default',3,
            3,3,1700000000003,NULL,X'737065632033');
        INSERT INTO "job" VALUES(4,X'018BCFE5680470048000000000000004','key-4','default',2,
            1,3,1700000000004,NULL,X'737065632034');
        INSERT INTO "job" VALUES(5,X'018BCFE5680570058000000000000005','key-5','default',1,
            3,3,1700000000005,NULL,X'737065632035');
        INSERT INTO "job" VALUES(6,X'018BCFE5680670068000000000000006','key-6','default',3,
            1,3,1700000000006,NULL,X'737065632036');
        INSERT INTO "job" VALUES(7,X'018BCFE5680770078000000000000007','key-7','default',2,
            3,3,1700000000007,NULL,X'737065632037');
        INSERT INTO "job" VALUES(8,X'018BCFE5680870088000000000000008','key-8','default',2,
            2,3,1700000000008,NULL,X'737065632038');
        INSERT INTO "job" VALUES(9,X'018BCFE5680970098000000000000009','key-9','default',2,
            2,3,1700000000009,NULL,X'737065632039');
        INSERT INTO "job" VALUES(10,X'018BCFE5680A700A800000000000000A','key-10','default',
            1,2,3,1700000000010,NULL,X'73706563203130');
        INSERT INTO "job" VALUES(12,X'018BCFE5680C700C800000000000000C','key-12','default',
            2,2,3,1700000000012,NULL,X'73706563203132');
        INSERT INTO "job_state" VALUES(1,1,0,0,1,0,0,0,1699998800001,'','',NULL,NULL,NULL,
            NULL,NULL,NULL);
        INSERT INTO "job_state" VALUES(2,2,1,0,2,0,0,0,1699997600002,'w1','ffmpeg',NULL,
            NULL,NULL,NULL,NULL,NULL);
        INSERT INTO "job_state" VALUES(3,3,1,0,3,0,0,0,1700000000003,'w1','ffmpeg',NULL,
            1700000000005,NULL,1700000060005,NULL,NULL);
        INSERT INTO "job_state" VALUES(4,4,1,0,4,1,0,0,1699998500004,'w1','ffmpeg',NULL,
            1700000000006,1700000000008,1700000060007,NULL,NULL);
        INSERT INTO "job_state" VALUES(5,5,1,0,4,0,0,0,1699998200005,'w1','ffmpeg',NULL,
            1700000000007,1700000000008,1700000060007,6,'it failed');
        INSERT INTO "job_state" VALUES(6,7,1,1,5,0,0,0,1699999400006,'w1','ffmpeg',NULL,
            1700000000008,NULL,1700000060008,NULL,NULL);
        INSERT INTO "job_state" VALUES(7,8,1,0,3,0,0,0,1699999100007,'w1','ffmpeg',NULL,
            NULL,1700000000009,NULL,NULL,NULL);
        INSERT INTO "job_state" VALUES(8,9,0,0,2,0,0,0,1699998800008,'','',NULL,NULL,
            1700000000009,NULL,NULL,NULL);
        INSERT INTO "job_state" VALUES(9,4,2,1,8,2,0,0,1699998800009,'w1','ffmpeg',NULL,
            1700000000016,1700000000018,1700000060017,7,'it failed');
        INSERT INTO "job_state" VALUES(10,3,1,0,3,1,1,0,1699997900010,'w1','ffmpeg',NULL,
            1700000000012,NULL,1700000060013,NULL,NULL);
        INSERT INTO "job_state" VALUES(12,5,0,0,3,0,0,0,1699998800012,'','',NULL,NULL,
            1700000000013,NULL,NULL,NULL);
        INSERT INTO "log" VALUES(5,1,X'0001020AFF');
        INSERT INTO "log" VALUES(9,1,X'0001020AFF');
        INSERT INTO "meta" VALUES(1,X'01A20E4BE91071F285784954DAAE3315',1,1795536185616,12);
        INSERT INTO "move" VALUES(1,1,NULL,1,1700000000001,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(2,1,NULL,1,1700000000002,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(2,2,1,2,1700000000003,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(3,1,NULL,1,1700000000003,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(3,2,1,2,1700000000004,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(3,3,2,3,1700000000005,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(4,1,NULL,1,1700000000004,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(4,2,1,2,1700000000005,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(4,3,2,3,1700000000006,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(4,4,3,4,1700000000008,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(5,1,NULL,1,1700000000005,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(5,2,1,2,1700000000006,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(5,3,2,3,1700000000007,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(5,4,3,5,1700000000008,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(6,1,NULL,1,1700000000006,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(6,2,1,2,1700000000007,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(6,3,2,3,1700000000008,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(6,4,3,6,1700000000009,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(6,5,6,7,1700000000009,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(7,1,NULL,1,1700000000007,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(7,2,1,2,1700000000008,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(7,3,2,8,1700000000009,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(8,1,NULL,1,1700000000008,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(8,2,1,9,1700000000009,'test',0,'','scheduler',NULL,NULL);
        INSERT INTO "move" VALUES(9,1,NULL,1,1700000000009,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(9,2,1,2,1700000000010,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(9,3,2,3,1700000000011,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(9,4,3,7,1700000000013,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(9,5,7,1,1700000000014,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(9,6,1,2,1700000000015,'test',2,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(9,7,2,3,1700000000016,'test',2,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(9,8,3,4,1700000000018,'test',2,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(10,1,NULL,1,1700000000010,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(10,2,1,2,1700000000011,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(10,3,2,3,1700000000012,'test',1,'w1','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(12,1,NULL,1,1700000000012,'test',0,'','scheduler',NULL,
            NULL);
        INSERT INTO "move" VALUES(12,2,1,7,1700000000013,'test',0,'','scheduler',NULL,NULL);
        INSERT INTO "move" VALUES(12,3,7,5,1700000000013,'test',0,'','scheduler',NULL,NULL);
        INSERT INTO "publish_grant" VALUES(4,1,1000,7,1700000000007);
        INSERT INTO "publish_grant" VALUES(9,1,1000,7,1700000000012);
        INSERT INTO "publish_grant" VALUES(9,2,1000,7,1700000000017);
        INSERT INTO "publish_grant" VALUES(10,1,1000,7,1700000000013);
        INSERT INTO "worker" VALUES('encoder-2',-2,NULL,NULL,NULL,NULL,1700000000001,1);
        INSERT INTO "worker" VALUES('w1',-1,'host.example',4321,NULL,NULL,1700000000000,0);
        INSERT INTO "worker_engine" VALUES('encoder-2',0,'ffmpeg','7.1',NULL,NULL);
        INSERT INTO "worker_engine" VALUES('encoder-2',1,'gstreamer','1.22','no x264enc',
            NULL);
        INSERT INTO "worker_engine" VALUES('w1',0,'ffmpeg','7.1',NULL,NULL);
        INSERT INTO "worker_engine" VALUES('w1',1,'gstreamer','1.22','no x264enc',NULL);
        INSERT INTO "worker_item" VALUES('encoder-2',1,-1,0,'slot',NULL,4);
        INSERT INTO "worker_item" VALUES('encoder-2',1,-1,1,'cpu',NULL,8);
        INSERT INTO "worker_item" VALUES('encoder-2',2,-1,0,'zone','a',NULL);
        INSERT INTO "worker_item" VALUES('encoder-2',2,-1,1,'gpu','',NULL);
        INSERT INTO "worker_item" VALUES('encoder-2',3,0,0,'libx264',NULL,NULL);
        INSERT INTO "worker_item" VALUES('encoder-2',3,0,1,'aac',NULL,NULL);
        INSERT INTO "worker_item" VALUES('w1',1,-1,0,'slot',NULL,4);
        INSERT INTO "worker_item" VALUES('w1',1,-1,1,'cpu',NULL,8);
        INSERT INTO "worker_item" VALUES('w1',2,-1,0,'zone','a',NULL);
        INSERT INTO "worker_item" VALUES('w1',2,-1,1,'gpu','',NULL);
        INSERT INTO "worker_item" VALUES('w1',3,0,0,'libx264',NULL,NULL);
        INSERT INTO "worker_item" VALUES('w1',3,0,1,'aac',NULL,NULL);
        """
}
